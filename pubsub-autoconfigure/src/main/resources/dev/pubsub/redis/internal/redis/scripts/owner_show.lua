-- Tells which consumer owns a stream.
-- KEYS[1] ownership, KEYS[2] instances that would own it   ARGV milliseconds for which an instance counts
-- Replies the owner or '', the last token or '', the rest of its lease in milliseconds, and how many other instances wait.
local held = redis.call('HMGET', KEYS[1], 'owner', 'token', 'until')
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local rest = math.max(0, (tonumber(held[3]) or 0) - now)
local owner = rest > 0 and held[1] or ''
local waiting = redis.call('ZCOUNT', KEYS[2], now - tonumber(ARGV[1]), '+inf')
if owner ~= '' and redis.call('ZSCORE', KEYS[2], owner) then
	waiting = math.max(0, waiting - 1)
end
return { owner, held[2] or '', rest, waiting }

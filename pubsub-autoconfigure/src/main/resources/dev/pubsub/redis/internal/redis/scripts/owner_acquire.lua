-- Makes a consumer the owner of a stream for its group, unless another one has a lease of it. The time is the server's.
-- KEYS[1] ownership, KEYS[2] instances that would own it   ARGV name, lease in milliseconds, milliseconds for which an
-- instance counts that does not ask again
-- Replies 1 if the consumer owns it now, else 0, the owner, its token, the rest of its lease in milliseconds, and how
-- many other instances wait. A token is greater than those before, also where a failover lost some of them.
local time = redis.call('TIME')
local micros = time[1] * 1000000 + time[2]
local now = math.floor(micros / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - tonumber(ARGV[3]))
redis.call('ZADD', KEYS[2], now, ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[3])
local waiting = redis.call('ZCARD', KEYS[2]) - 1
local held = redis.call('HMGET', KEYS[1], 'owner', 'token', 'until', 'gate')
local rest = (tonumber(held[3]) or 0) - now
if held[1] and held[1] ~= ARGV[1] and rest > 0 then
	return { 0, held[1], held[2], rest, waiting }
end
-- The owner before reads no more.
if held[4] then
	redis.call('PEXPIRE', held[4], -1)
	redis.call('HDEL', KEYS[1], 'gate')
end
local token = string.format('%.0f', math.max((tonumber(held[2]) or 0) + 1, micros))
redis.call('HSET', KEYS[1], 'owner', ARGV[1], 'token', token, 'until', string.format('%.0f', now + tonumber(ARGV[2])))
return { 1, ARGV[1], token, tonumber(ARGV[2]), waiting }

-- Renews the lease of the owner of a stream. One that ran out is renewed, too, where no other consumer has taken it.
-- KEYS[1] ownership, KEYS[2] instances that would own it   ARGV name, token, lease in milliseconds, milliseconds for
-- which an instance counts that does not ask again
-- Replies 1 renewed, 0 not the owner any more, and how many other instances wait.
local held = redis.call('HMGET', KEYS[1], 'owner', 'token', 'gate')
if held[1] ~= ARGV[1] or held[2] ~= ARGV[2] then
	return { 0, 0 }
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], 'until', string.format('%.0f', now + tonumber(ARGV[3])))
if held[3] then
	redis.call('PEXPIRE', held[3], 2 * tonumber(ARGV[3]))
end
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now - tonumber(ARGV[4]))
redis.call('ZADD', KEYS[2], now, ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
return { 1, redis.call('ZCARD', KEYS[2]) - 1 }

-- Ends the lease of the owner of a stream, or the wait of an instance. The token stays: the next one is greater.
-- KEYS[1] ownership, KEYS[2] instances that would own it   ARGV name, token, 0 for an instance that waits
-- Replies 1 if it was the owner.
redis.call('ZREM', KEYS[2], ARGV[1])
local held = redis.call('HMGET', KEYS[1], 'owner', 'token', 'gate')
if held[1] ~= ARGV[1] or held[2] ~= ARGV[2] then
	return 0
end
if held[3] then
	redis.call('PEXPIRE', held[3], -1)
end
redis.call('HDEL', KEYS[1], 'owner', 'until', 'gate')
return 1

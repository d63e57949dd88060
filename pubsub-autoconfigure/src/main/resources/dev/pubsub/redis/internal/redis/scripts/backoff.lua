-- Sets for how long an owned entry counts as idle, so that it can be claimed after the rest of the lease.
-- KEYS[1] stream   ARGV group, consumer, id, idle in milliseconds
-- Replies 1 done, 0 the payload is gone (the entry stays pending, which XCLAIM would end from Redis 7 on), -1 not owned
-- any more.
local pending = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[3], ARGV[3], 1)[1]
if not pending or pending[2] ~= ARGV[2] then
	return -1
end
if #redis.call('XRANGE', KEYS[1], ARGV[3], ARGV[3]) == 0 then
	return 0
end
redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[3], 'IDLE', ARGV[4], 'JUSTID')
return 1

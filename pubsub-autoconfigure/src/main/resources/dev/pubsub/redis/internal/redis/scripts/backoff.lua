-- Sets for how long an owned entry counts as idle, so that it can be claimed after the rest of the lease, or later: an
-- entry that waits for longer than the lease has the end of its wait beside the stream, with its deliveries until then.
-- KEYS[1] stream, KEYS[2] ends of waits   ARGV group, consumer, id, idle in milliseconds, milliseconds of a wait that is
-- longer than the lease or 0
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
local wait = tonumber(ARGV[5])
if wait > 0 then
	local time = redis.call('TIME')
	local due = string.format('%d', time[1] * 1000 + math.floor(time[2] / 1000) + wait)
	redis.call('HSET', KEYS[2], ARGV[3], due .. ' ' .. pending[4])
	-- Ends of waits whose entries were settled elsewhere go with the last one.
	redis.call('PEXPIRE', KEYS[2], math.max(redis.call('PTTL', KEYS[2]), wait + 3600000))
elseif redis.call('EXISTS', KEYS[2]) == 1 then
	redis.call('HDEL', KEYS[2], ARGV[3])
end
return 1

-- Deletes consumers that own nothing and have been idle for longer than a limit; with a
-- limit of -1 the named consumer itself, if it owns nothing.
-- KEYS[1] stream   ARGV group, own name, limit in milliseconds
-- Replies how many were deleted.
local deleted = 0
for _, info in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
	local consumer = {}
	for i = 1, #info, 2 do
		consumer[info[i]] = info[i + 1]
	end
	local own = consumer.name == ARGV[2]
	local limit = tonumber(ARGV[3])
	local due = (limit < 0 and own) or (limit >= 0 and not own and consumer.idle > limit)
	if due and consumer.pending == 0 then
		redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], consumer.name)
		deleted = deleted + 1
	end
end
return deleted

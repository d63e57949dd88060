-- Delivers owned entries to their owner again, without counting that as a delivery.
-- KEYS[1] stream   ARGV group, consumer, id, id, …
-- Replies one item per id: 0 its payload is gone, -1 it is not owned any more, else the entry, its owner,
-- its idle time before and its deliveries.
local replies = {}
for i = 3, #ARGV do
	local pending = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1)[1]
	if pending and pending[2] == ARGV[2] then
		local entry = redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[i], 'RETRYCOUNT', pending[4])[1]
		replies[#replies + 1] = entry and { entry, pending[2], pending[3], pending[4] } or 0
	else
		replies[#replies + 1] = -1
	end
end
return replies

-- Delivers owned entries to their owner again, with the given delivery counts.
-- KEYS[1] stream   ARGV group, consumer, id, deliveries, id, deliveries, …
-- Replies one item per id: the entry, 0 when its payload is gone, -1 when it is not owned any more.
local replies = {}
for i = 3, #ARGV, 2 do
	local pending = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1)[1]
	if pending and pending[2] == ARGV[2] then
		local entry = redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[i], 'RETRYCOUNT', ARGV[i + 1])[1]
		replies[#replies + 1] = entry or 0
	else
		replies[#replies + 1] = -1
	end
end
return replies

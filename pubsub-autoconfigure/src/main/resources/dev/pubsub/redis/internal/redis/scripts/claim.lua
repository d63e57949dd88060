-- Delivers entries to a consumer that nobody renewed for long enough.
-- KEYS[1] stream   ARGV group, consumer, shortest idle time in milliseconds, id, id, …
-- Replies one item per id: 0 its payload is gone, -1 not claimable any more, else the entry, its owner before,
-- its idle time before and its deliveries including this one.
local replies = {}
for i = 4, #ARGV do
	local pending = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1)[1]
	if pending and pending[3] >= tonumber(ARGV[3]) then
		local entry = redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[i])[1]
		replies[#replies + 1] = entry and { entry, pending[2], pending[3], pending[4] + 1 } or 0
	else
		replies[#replies + 1] = -1
	end
end
return replies

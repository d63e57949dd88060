-- Hands back owned entries that were never started: claimable at once, their attempt given back.
-- KEYS[1] stream   ARGV group, consumer, id, id, …
-- Replies how many are handed back: one that was before, and whose reply was lost, counts, and gives back no other
-- attempt. No entry that a consumer works on is idle for half a year.
local released = 0
for i = 3, #ARGV do
	local pending = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1)[1]
	if pending and pending[2] == ARGV[2] then
		if pending[3] < 15768000000 then
			redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[i],
				'IDLE', 31536000000, 'RETRYCOUNT', math.max(0, pending[4] - 1), 'JUSTID')
		end
		released = released + 1
	end
end
return released

-- Renews the leases of entries that a consumer still owns.
-- KEYS[1] stream   ARGV group, consumer, id, id, …
-- Replies one number per id: 1 renewed, 0 its payload is gone, -1 another consumer owns it,
-- -2 nobody does: it is acknowledged, or the group is another one now.
local replies = {}
for i = 3, #ARGV do
	local pending = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1)[1]
	if pending and pending[2] == ARGV[2] then
		local renewed = redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[i], 'JUSTID')
		replies[#replies + 1] = renewed[1] and 1 or 0
	else
		replies[#replies + 1] = pending and -1 or -2
	end
end
return replies

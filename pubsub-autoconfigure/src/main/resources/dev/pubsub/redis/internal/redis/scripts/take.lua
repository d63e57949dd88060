-- Delivers owned entries to their owner again, without counting that as a delivery.
-- KEYS[1] stream   ARGV group, consumer, greatest size of one entry or 0 for no payload at all, size of all from which on no more are added, id, id, …
-- Replies one item per id: 0 its payload is gone, -1 it is not owned any more, -3 left out, else the entry, or its size
-- where it is too large, its owner, its idle time before and its deliveries.
local replies = {}
local total = 0
for i = 5, #ARGV do
	local pending = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1)[1]
	if total >= tonumber(ARGV[4]) then
		replies[#replies + 1] = -3
	elseif pending and pending[2] == ARGV[2] and ARGV[3] == '0' then
		local there = redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[i], 'RETRYCOUNT', pending[4], 'JUSTID')[1]
		replies[#replies + 1] = there and { 1, pending[2], pending[3], pending[4] } or 0
	elseif pending and pending[2] == ARGV[2] then
		local entry = redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[i], 'RETRYCOUNT', pending[4])[1]
		local size = 0
		for _, text in ipairs(entry and entry[2] or {}) do
			size = size + #text + 16
		end
		local fits = size <= tonumber(ARGV[3])
		total = total + (fits and size or 0)
		replies[#replies + 1] = entry and { fits and entry or size, pending[2], pending[3], pending[4] } or 0
	else
		replies[#replies + 1] = -1
	end
end
return replies

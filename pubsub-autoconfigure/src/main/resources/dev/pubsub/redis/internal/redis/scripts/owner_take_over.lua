-- Makes entries that are pending those of the owner of the stream. They keep their idle times and deliveries.
-- KEYS[1] stream   ARGV group, consumer, id after which to begin, most entries, name of the field that has the key
-- Replies for each its id, its deliveries, and its key, nothing where it has none; an entry without payload has no key.
local replies = {}
for _, pending in ipairs(redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[3], '+', ARGV[4])) do
	local entry = redis.call('XRANGE', KEYS[1], pending[1], pending[1])[1]
	local key = false
	for i = 1, entry and #entry[2] or 0, 2 do
		if entry[2][i] == ARGV[5] then
			key = entry[2][i + 1]
			break
		end
	end
	if entry and pending[2] ~= ARGV[2] then
		redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, pending[1], 'IDLE', pending[3], 'RETRYCOUNT', pending[4], 'JUSTID')
	end
	replies[#replies + 1] = { pending[1], pending[4], key, entry and 1 or 0 }
end
return replies

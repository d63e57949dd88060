-- Tells how far a stream and one of its groups have come, without the entries that XINFO STREAM replies with.
-- KEYS[1] stream   ARGV group
-- Replies nothing when there is no such stream or group, else the last id, the first id or '', the length, the last
-- delivered id, and from Redis 7 on entries added, the highest deleted id, entries read and the lag; '' where that is
-- unknown.
local function pairsOf(list)
	local values = {}
	for i = 1, #list, 2 do
		values[list[i]] = list[i + 1]
	end
	return values
end

local info = redis.pcall('XINFO', 'STREAM', KEYS[1])
if info.err then
	if string.find(info.err, 'no such key', 1, true) then
		return false
	end
	return info
end
local stream = pairsOf(info)
for _, each in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
	local group = pairsOf(each)
	if group.name == ARGV[1] then
		local first = stream['first-entry']
		return {
			stream['last-generated-id'], first and first[1] or '', stream.length, group['last-delivered-id'],
			stream['entries-added'] or '', stream['max-deleted-entry-id'] or '', group['entries-read'] or '',
			group.lag or ''
		}
	end
end
return false

-- Tells how far a stream and one of its groups have come, without the entries that XINFO STREAM replies with.
-- KEYS[1] stream   ARGV group
-- Replies nothing when there is no such stream or group, else the last id that was added, the first id or '', the
-- length, the last delivered id, and from Redis 7 on entries added, the highest deleted id, entries read and the lag;
-- '' where that is unknown.
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
		local first, final, last = stream['first-entry'], stream['last-entry'], stream['last-generated-id']
		if last == '0-1' and stream.length == 0 then
			-- Of a partition that was created without an entry.
			last = '0-0'
		elseif last == '18446744073709551615-18446744073709551615' then
			-- Of a partition that is sealed.
			last = final and final[1] or group['last-delivered-id']
		end
		return {
			last, first and first[1] or '', stream.length, group['last-delivered-id'],
			stream['entries-added'] or '', stream['max-deleted-entry-id'] or '', group['entries-read'] or '',
			group.lag or ''
		}
	end
end
return false

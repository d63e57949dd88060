-- Adds an entry at most once, and trims only what every group has acknowledged. An error means
-- that nothing was added: what can be refused comes first, and what follows must not fail.
-- KEYS[1] stream, KEYS[2] optional marker that holds the id of the entry once it is added
-- ARGV milliseconds that the marker lasts, number of trimming arguments, those for XTRIM,
-- those for XADD
-- Replies the id, of this or the first time, or nothing when there is no stream.
if KEYS[2] then
	local known = redis.call('GET', KEYS[2])
	if known and known ~= '' then
		return known
	end
	-- May it be set at all? Nobody sees it before the script ends.
	redis.call('SET', KEYS[2], '', 'PX', ARGV[1])
end
local trimming = tonumber(ARGV[2])
local id = redis.pcall('XADD', KEYS[1], unpack(ARGV, 3 + trimming))
local added = type(id) == 'string'
if KEYS[2] then
	redis.call('SET', KEYS[2], added and id or '', 'PX', added and ARGV[1] or 1)
end
-- Without a group everything counts as acknowledged.
if added and trimming > 0 and #redis.pcall('XINFO', 'GROUPS', KEYS[1]) > 0 then
	redis.pcall('XTRIM', KEYS[1], unpack(ARGV, 3, 2 + trimming))
end
return id

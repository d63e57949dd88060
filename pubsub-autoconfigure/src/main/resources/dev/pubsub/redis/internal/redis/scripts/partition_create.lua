-- Creates a partition that is absent, with groups that begin at its start.
-- KEYS[1] stream   ARGV groups
local function refused(reply, ...)
	if type(reply) ~= 'table' or not reply.err then
		return false
	end
	for _, text in ipairs({...}) do
		if string.find(reply.err, text, 1, true) then
			return false
		end
	end
	return true
end
for _, group in ipairs(ARGV) do
	local created = redis.pcall('XGROUP', 'CREATE', KEYS[1], group, '0', 'MKSTREAM')
	if refused(created, 'BUSYGROUP') then
		return created
	end
end
if #ARGV == 0 then
	-- An entry that is trimmed at once. Where there was an entry, or the stream is sealed, it is refused.
	local created = redis.pcall('XADD', KEYS[1], 'MAXLEN', '0', '0-1', 'x', 'x')
	if refused(created, 'ID specified', 'last possible ID') then
		return created
	end
end
return 1

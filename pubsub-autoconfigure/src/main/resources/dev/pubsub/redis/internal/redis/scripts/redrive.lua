-- Adds a dead letter to its stream again, without what the dead-lettering added, and deletes it.
-- KEYS[1] dead-letter stream, KEYS[2] stream   ARGV id, most fields that a script can pass on, 1 if the stream may be a
-- partition and must not be created
-- Replies the id of the new entry, nothing when there is no such dead letter, 0 when it has too many fields, or -1 when
-- the stream takes none, or is absent and must not be created.
local letter = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])[1]
if not letter then
	return false
end
local fields = {}
for i = 1, #letter[2], 2 do
	if string.sub(letter[2][i], 1, 6) ~= '__DLQ_' then
		fields[#fields + 1] = letter[2][i]
		fields[#fields + 1] = letter[2][i + 1]
	end
end
if #fields / 2 > tonumber(ARGV[2]) then
	return 0
end
local id
if ARGV[3] == '1' then
	id = redis.pcall('XADD', KEYS[2], 'NOMKSTREAM', '*', unpack(fields))
	if not id or (type(id) == 'table' and id.err and string.find(id.err, 'last possible ID', 1, true)) then
		return -1
	elseif type(id) == 'table' and id.err then
		return id
	end
else
	id = redis.call('XADD', KEYS[2], '*', unpack(fields))
end
redis.call('XDEL', KEYS[1], ARGV[1])
return id

-- Adds a dead letter to its stream again, without what the dead-lettering added, and deletes it.
-- KEYS[1] dead-letter stream, KEYS[2] stream   ARGV id, most fields that a script can pass on
-- Replies the id of the new entry, nothing when there is no such dead letter, or 0 when it has too many fields.
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
local id = redis.call('XADD', KEYS[2], '*', unpack(fields))
redis.call('XDEL', KEYS[1], ARGV[1])
return id

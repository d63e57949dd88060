-- Adds a dead letter to its stream again, without what the dead-lettering added, and deletes it.
-- KEYS[1] dead-letter stream, KEYS[2] stream   ARGV id
-- Replies the id of the new entry, or nothing when there is no such dead letter.
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
-- RedisScript.MOST_FIELDS, names and values.
if #fields > 7200 then
	return redis.error_reply('ERR the dead letter has more fields than a script can add')
end
local id = redis.call('XADD', KEYS[2], '*', unpack(fields))
redis.call('XDEL', KEYS[1], ARGV[1])
return id

-- Reads entries that no consumer of the group has had, for the owner of the stream. Each number of a read is good for
-- one: a read whose connection was lost does not come after the next one.
-- KEYS[1] stream, KEYS[2] ownership   ARGV group, consumer, most entries, number of the read
-- Replies as XREADGROUP does.
local reads = redis.call('HGET', KEYS[2], 'reads') or ''
if reads ~= ARGV[4] then
	return redis.error_reply('OUTOFTURN ' .. reads)
end
local entries = redis.call('XREADGROUP', 'GROUP', ARGV[1], ARGV[2], 'COUNT', ARGV[3], 'STREAMS', KEYS[1], '>')
if entries then
	redis.call('HINCRBY', KEYS[2], 'reads', 1)
end
return entries

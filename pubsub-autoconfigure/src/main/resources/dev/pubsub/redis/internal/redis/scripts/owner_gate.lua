-- Opens a gate for the reads of the owner of a stream: an empty stream with the same group. A read names it beside the
-- stream, and is refused once the gate is closed, without a script that would have to look at what it brings.
-- KEYS[1] gate, KEYS[2] ownership   ARGV group, milliseconds for which it stays open without a renewal of the ownership
-- Replies 1.
local before = redis.call('HGET', KEYS[2], 'gate')
if before then
	redis.call('PEXPIRE', before, -1)
end
redis.call('XGROUP', 'CREATE', KEYS[1], ARGV[1], '$', 'MKSTREAM')
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('HSET', KEYS[2], 'gate', KEYS[1])
return 1

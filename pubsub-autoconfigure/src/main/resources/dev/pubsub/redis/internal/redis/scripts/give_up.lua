-- Gives up an entry whose attempts are used up and that nobody renewed for long enough: copies it to its dead-letter
-- stream and acknowledges it. Its payload stays on the server. The copy comes first: when it is refused the script ends
-- there, and the entry stays pending.
-- KEYS[1] stream, KEYS[2] dead-letter stream; without it the entry is only acknowledged
-- ARGV group, id, shortest idle time in milliseconds, fewest deliveries, greatest length of the dead-letter stream or 0,
-- 1 to delete the entry from the stream unless another group needs it, most fields of an entry that can be copied,
-- 1 to write a letter without the fields of an entry that has more, 2 to write one without a look at the entry, which is
-- known to be too large, field, value, … of the letter
-- Replies an outcome, the owner before, and the size of the entry: 1 done, 2 done without the entry's fields,
-- 0 its payload is gone, -1 not claimable any more, -2 it has too many fields.
local pending = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[2], ARGV[2], 1)[1]
if not pending or pending[3] < tonumber(ARGV[3]) or pending[4] < tonumber(ARGV[4]) then
	return {-1, '', 0}
end
local bare = ARGV[8] == '2'
local entry = bare and { ARGV[2], {} } or redis.call('XRANGE', KEYS[1], ARGV[2], ARGV[2])[1]
if not entry then
	return {0, pending[2], 0}
end
local letter = {}
local size = 0
local fits = not bare and #entry[2] / 2 <= tonumber(ARGV[7])
for _, text in ipairs(entry[2]) do
	size = size + #text + 16
	if fits then
		letter[#letter + 1] = text
	end
end
if not fits and KEYS[2] and ARGV[8] == '0' then
	return {-2, pending[2], size}
end
for i = 9, #ARGV do
	letter[#letter + 1] = ARGV[i]
end
-- Refused here if it is not permitted, or the copy would be added again and again. Only asked: a write, be it of
-- nothing, would let the copy through where the server is out of memory. Redis 6.2 cannot be asked: see the end.
if redis.acl_check_cmd and not redis.acl_check_cmd('XACK', KEYS[1], ARGV[1], ARGV[2]) then
	redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
end
local copy
if KEYS[2] and ARGV[5] == '0' then
	copy = redis.call('XADD', KEYS[2], '*', unpack(letter))
elseif KEYS[2] then
	copy = redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[5], '*', unpack(letter))
end
local copied = fits or not KEYS[2]
if ARGV[6] == '1' and copied then
	local done = redis.pcall('XACKDEL', KEYS[1], ARGV[1], 'ACKED', 'IDS', 1, ARGV[2])
	if not done.err then
		return {1, pending[2], size}
	end
end
local acknowledged = redis.pcall('XACK', KEYS[1], ARGV[1], ARGV[2])
if type(acknowledged) == 'table' and acknowledged.err then
	if copy then
		redis.pcall('XDEL', KEYS[2], copy)
	end
	return acknowledged
end
if ARGV[6] == '1' and copied then
	redis.pcall('XDEL', KEYS[1], ARGV[2])
end
return {copied and 1 or 2, pending[2], size}

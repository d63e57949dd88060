-- Goes before a script that only the owner of a stream may run, as it was when it sent it.
-- Last of KEYS: ownership   last of ARGV: owner and token
local fence, holder = table.remove(KEYS), table.remove(ARGV)
local held = redis.call('HMGET', fence, 'owner', 'token')
if (held[1] or '') .. ' ' .. (held[2] or '') ~= holder then
	return redis.error_reply('FENCED another consumer owns the stream')
end

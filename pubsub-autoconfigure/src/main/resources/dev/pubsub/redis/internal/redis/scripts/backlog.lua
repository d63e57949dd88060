-- Tells how much of a stream waits, without the entries themselves.
-- KEYS[1] stream  KEYS[2] its dead letters, if it has any   ARGV groups
-- Replies the length of the stream, the memory it takes or '', the number of dead letters, how many groups it has or ''
-- when there is no such stream, the id of the first entry or '', that of the last one or '', and for each group: how many
-- consumers it has or '' when there is no such group, how many entries are pending, the oldest of them or '', how many are
-- unread or '' where that is unknown, the oldest of them or ''.
local function pairsOf(list)
	local values = {}
	for i = 1, #list, 2 do
		values[list[i]] = list[i + 1]
	end
	return values
end

local function streamAt(key)
	local info = redis.pcall('XINFO', 'STREAM', key)
	if info.err then
		return not string.find(info.err, 'no such key', 1, true) and info or { length = 0 }
	end
	return pairsOf(info)
end

local stream = streamAt(KEYS[1])
if stream.err then
	return stream
end
local dead = KEYS[2] and streamAt(KEYS[2]) or { length = 0 }
if dead.err then
	return dead
end
local memory = stream.length > 0 and redis.pcall('MEMORY', 'USAGE', KEYS[1], 'SAMPLES', 5) or 0
local first, last = stream['first-entry'], stream['last-entry']
local reply = {
	stream.length, type(memory) == 'number' and memory or '', dead.length, stream.groups or '', first and first[1] or '',
	last and last[1] or ''
}
local groups = {}
if #ARGV > 0 and stream['last-generated-id'] then
	for _, each in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
		local group = pairsOf(each)
		groups[group.name] = group
	end
end
for _, name in ipairs(ARGV) do
	local group = groups[name]
	local waiting = { '', 0, '', '', '' }
	if group then
		local delivered = group['last-delivered-id']
		local unread = {}
		if stream.length > 0 and stream['last-generated-id'] ~= delivered then
			unread = redis.call('XRANGE', KEYS[1], '(' .. delivered, '+', 'COUNT', 1)
		end
		local pending = group.pending > 0 and redis.call('XPENDING', KEYS[1], name, '-', '+', 1) or {}
		waiting = {
			group.consumers, group.pending, pending[1] and pending[1][1] or '', unread[1] and (group.lag or '') or 0,
			unread[1] and unread[1][1] or ''
		}
	end
	for _, value in ipairs(waiting) do
		table.insert(reply, value)
	end
end
return reply

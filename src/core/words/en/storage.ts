// What Redis, the stores and the key file have to say to whoever runs the gateway.

export const storage = {
  'redis.no-server':
    'Nudge found neither valkey-server nor redis-server. Install one with "apt install redis-server", or set redis.url to a Redis of yours.',
  'redis.in-use':
    'The data folder {folder} belongs to a Nudge that is running (process {pid}). Stop that one first, or set another redis.dataDir.',
  'redis.did-not-start': 'Redis did not start in {folder}. Its last words: {words}',
  'redis.path-too-long':
    'The path of the data folder {folder} is too long for a socket, and so is that of the temporary folder. Set a shorter redis.dataDir.',
  'redis.folder-not-ours':
    '{folder} must be a folder that belongs to the user that runs Nudge and that nobody else can enter (mode 700). Remove it, or set a shorter redis.dataDir.',
  'redis.unreachable': 'Redis at {place} could not be reached: {reason}. Check redis.url, and that Redis is running.',
  'redis.too-old': 'Redis at {place} is version {found}; Nudge needs 6.2 or newer (or any Valkey).',
  'redis.evicts':
    'Redis at {place} has maxmemory-policy {found}, which throws messages away when memory is short. Set it to noeviction: redis-cli CONFIG SET maxmemory-policy noeviction',
  'redis.cluster': 'Redis at {place} is a cluster; Nudge needs a single Redis.',
  'redis.replica': 'Redis at {place} is a replica and cannot be written to. Set redis.url to the primary.',
  'redis.newer-data': 'The data in Redis was written by a newer Nudge (format {found}; this one knows {known}). Update Nudge.',
  'seal.bad-key': 'seal.key must be 32 bytes in base64 (44 characters). Make one with: openssl rand -base64 32',
  'seal.bad-key-file': 'The key file {file} does not hold 32 bytes in base64. Restore it from a backup.',
  'seal.open-key-file': 'The key file {file} can be read by others. Close it with: chmod 600 {file}',
  'seal.unreadable-key-file': 'The key file {file} cannot be used: {reason}',
  'seal.wrong-key':
    'The passwords in Redis are sealed with another key than this one. Restore the key file (or seal.key) that belongs to this Redis.',
  'storage.fault': 'something went wrong on our side.',
} as const

-- Each entry holds the SHA-256 of its content and of the hash before it; the first one that does begins the chain.
ALTER TABLE audit ADD COLUMN address TEXT;
ALTER TABLE audit ADD COLUMN hash TEXT;

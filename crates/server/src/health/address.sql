-- Who else reported from an address today is asked for each report, whatever release it is about.
CREATE INDEX mounts_by_address ON mounts (app, address, at);
DROP INDEX mounts_of_an_address;

/*
 * sync_token.h - where a folder stands, as a URI (RFC 6578, 4)
 */
#ifndef POSTERN_CALDAV_SYNC_TOKEN_H
#define POSTERN_CALDAV_SYNC_TOKEN_H

#include <stdbool.h>

#include "proxy/exchange/object.h"

struct arena;

const char *dav_sync_token(struct arena *arena,
                           const struct object_marks *marks);

/* False for what is none of ours. */
bool dav_sync_token_read(const char *token, struct object_marks *marks_out);

#endif

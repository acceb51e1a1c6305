/*
 * attachment.h - attachments by their URLs (RFC 8607)
 *
 * An attachment's URL is that of its event with "?attachment=" and Exchange's
 * id.
 */
#ifndef POSTERN_CALDAV_ATTACHMENT_H
#define POSTERN_CALDAV_ATTACHMENT_H

#include "caldav/call.h"

#define DAV_ATTACHMENT_QUERY "attachment="

enum status dav_attachment_get(struct dav_call *call, const char *quoted_id);

/* POST with an action: attachment-add, -update, -remove. */
enum status dav_attachment_post(struct dav_call *call, const char *query);

#endif

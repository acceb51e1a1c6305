/*
 * remote_mail.h - messages of a backend
 *
 * A part of backend.h, whose rules hold here.
 */
#ifndef POSTERN_EXCHANGE_REMOTE_MAIL_H
#define POSTERN_EXCHANGE_REMOTE_MAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/base/status.h"

struct spool;

/* One message as lists show it: index columns only, no content. */
struct remote_item {
    const char *id;
    const char *change_key;
    const char *class;             /* "IPM.Note" */
    uint32_t article;              /* 0x0E23: the order of arrival; 0 if
                                      absent */
    uint32_t flags;                /* of enum mail_flag */
    const char *const *categories; /* NULL at the end; NULL: none */
    int64_t received;
    int64_t created;          /* 0x3007 */
    uint32_t size;            /* 0x0E08, an estimate */
    const char *message_id;   /* with its angle brackets; NULL if none */
    const char *search_key;   /* 0x300B in base64; shared by copies; NULL
                                 if none */
    const char *conversation; /* its id; NULL where there are none: before
                                 Exchange 2010 */
};

enum remote_item_change {
    REMOTE_ITEM_PRESENT,
    REMOTE_ITEM_GONE,
    REMOTE_ITEM_READ_FLAG
};

struct remote_item_delta {
    enum remote_item_change change;
    struct remote_item item; /* gone: the id; read flag: id, change_key and
                                MAIL_SEEN of the flags */
};

/* One page of a sync; `state` continues after it and is kept with its rows. */
struct remote_item_page {
    const struct remote_item_delta *deltas;
    size_t count;
    const char *state;
    bool last;
};

/* What was read of one message. */
enum remote_part { REMOTE_HEADER, REMOTE_CONTENT };

struct remote_read {
    size_t index; /* into the ids asked for */
    enum status status;
    const char *header; /* REMOTE_HEADER: the transport header with CRLF and
                           the empty line; NULL when it has none or an
                           incomplete one */
    size_t header_len;
    struct spool *content; /* REMOTE_CONTENT: with CRLF line ends; the callback
                              may keep it by setting this to NULL */
};

/* Flags and categories as they shall be: absolute, so that repeating does no
 * harm. */
struct remote_update {
    const char *id;
    uint32_t old_flags;
    uint32_t flags;
    bool set_categories;
    const char *const *categories;
    const char *change_key; /* STATUS_CONFLICT if the item has another by now;
                               NULL: whatever it has become.  All updates of a
                               call have one, or none */
};

struct remote_new {
    const struct spool *content;
    uint32_t flags;
    const char *const *categories;
    int64_t received;
    const char *token; /* marks this attempt, for find_new */
};

struct remote_submission {
    const struct spool *content; /* without Bcc, with a Message-ID */
    const char *const *bcc;      /* NULL at the end */
    bool delivery_receipt;
    const char *token;
};

#endif

/*
 * attachments.h - what is attached to items: lists, comings and goings
 */
#ifndef POSTERN_EXCHANGE_EWS_ATTACHMENTS_H
#define POSTERN_EXCHANGE_EWS_ATTACHMENTS_H

#include "proxy/exchange/ews/ews.h"
#include "proxy/format/event.h"
#include "proxy/format/xml.h"

struct arena;

/* Of a t:Attachments: what there is, without the contents. */
void attachments_read(struct arena *arena, const struct xml_node *list,
                      struct event_attachment **attachments_out,
                      size_t *count_out);

/* Which of the attachments is a contact's picture; NULL for none. */
const char *attachments_photo(struct arena *arena, const struct xml_node *list);

/* Where attachments shall be; without a change key whatever it has become. */
struct attachment_parent {
    const char *id;
    const char *change_key;
};

/* Adds files, as few calls as their sizes allow; `photo`: they are a contact's
 * picture.  The ids go to `ids_out`, unless NULL; the result is the item as it
 * is afterwards, or the first failure. */
enum status attachments_add(struct op *op, struct ews *ews,
                            const struct attachment_parent *parent,
                            const struct event_attachment *const attachments[],
                            size_t count, bool photo, const char *ids_out[],
                            struct remote_result *result);

/* Takes some away; those that have gone already are no failure.  The result
 * has no id where all had. */
enum status attachments_remove(struct op *op, struct ews *ews,
                               const char *const ids[], size_t count,
                               struct remote_result *result);

/* Reads the contents of some, many in a call; each has a status of its own. */
enum status attachments_fetch(struct op *op, struct ews *ews,
                              struct arena *arena, const char *const ids[],
                              size_t count,
                              struct event_attachment attachments_out[],
                              enum status statuses_out[]);

#endif

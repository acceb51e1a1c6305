/*
 * attachments.h - files and items at items that are no mail
 *
 * Those of mail are parts of its text (letter.h).
 */
#ifndef POSTERN_TESTS_EXCHANGE_ATTACHMENTS_H
#define POSTERN_TESTS_EXCHANGE_ATTACHMENTS_H

#include "tests/exchange/call.h"

struct sim_exception;

struct sim_attachment {
    uint32_t number;
    char *name;
    char *type;
    char *content_id; /* NULL: none, as the next */
    char *location;
    bool is_inline;
    bool is_photo;
    int64_t modified;
    struct sim_content *content;
};

/* Takes the strings and the content over as copies.  A day of a series has what
 * its master has until one comes or goes: then it is an exception that has its
 * own, copies of the master's among them. */
struct sim_attachment *sim_attachment_add(struct sim_item *item,
                                          const struct sim_attachment *added);
struct sim_attachment *sim_attachment_find(const struct sim_item *item,
                                           uint32_t number);
void sim_attachment_remove(struct sim_item *item, uint32_t number);

void sim_attachments_copy(struct sim_item *to, const struct sim_item *from);
void sim_attachments_copy_day(struct sim_exception *to,
                              const struct sim_exception *from);
void sim_attachments_free(struct sim_item *item);
void sim_attachments_drop(struct sim_attachment *list, size_t count);

/* The photo of a contact; NULL if there is none. */
const struct sim_attachment *sim_photo(const struct sim_item *item);

/* The element Attachments, or nothing. */
void sim_attachments_put(struct call *call, struct sim_item *item);

/* One attachment's id, which tells its item as well, be that a day of a series;
 * that item, as far as it is there, and the number; its element, with the
 * content if that is wanted. */
char *sim_attachment_id(struct arena *arena, const struct sim_item *item,
                        uint32_t number);
struct sim_item *sim_attachment_item(struct call *call,
                                     const struct sim_id_parts *parts);
void sim_attachment_put(struct call *call, struct sim_item *item,
                        const struct sim_attachment *attachment, bool content);

#endif

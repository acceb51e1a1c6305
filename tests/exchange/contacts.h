/*
 * contacts.h - what follows from what in a contact, and its indexed fields
 */
#ifndef POSTERN_TESTS_EXCHANGE_CONTACTS_H
#define POSTERN_TESTS_EXCHANGE_CONTACTS_H

#include "tests/exchange/form.h"

void contact_settle(struct sim_item *item);

/* Sets one entry of a dictionary by an element that holds it, or (NULL) takes
 * it away.  Returns a code. */
const char *contact_store_indexed(struct call *call, struct sim_item *item,
                                  const struct path *path,
                                  const struct node *element);

/* The texts of an entry, for searching; NULL if it has none. */
const char *contact_indexed(const struct sim_item *item,
                            const struct path *path);

/* The members of a list of the user's own as Mailbox elements; how many. */
size_t contact_put_members(struct call *call, struct sim_item *list);

#endif

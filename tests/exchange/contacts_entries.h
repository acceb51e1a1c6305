/*
 * contacts_entries.h - dictionaries of contacts: phones, addresses, mailboxes
 */
#ifndef POSTERN_TESTS_EXCHANGE_CONTACTS_ENTRIES_H
#define POSTERN_TESTS_EXCHANGE_CONTACTS_ENTRIES_H

#include "tests/exchange/form.h"

/* Phones and IM addresses; mail addresses; postal ones; members of a list. */
void entries_put(struct call *call, const struct field *field,
                 struct sim_item *item);
void entries_put_emails(struct call *call, const struct field *field,
                        struct sim_item *item);
void entries_put_addresses(struct call *call, const struct field *field,
                           struct sim_item *item);
void entries_put_members(struct call *call, const struct field *field,
                         struct sim_item *item);

const char *entries_store(struct call *call, const struct form_field *field,
                          struct sim_item *item, const struct node *element);
const char *entries_store_members(struct call *call,
                                  const struct form_field *field,
                                  struct sim_item *item,
                                  const struct node *element);
const char *entries_store_index(struct call *call,
                                const struct form_field *field,
                                struct sim_item *item,
                                const struct node *element);

#endif

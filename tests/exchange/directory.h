/*
 * directory.h - what the directory says of people, groups and rooms
 */
#ifndef POSTERN_TESTS_EXCHANGE_DIRECTORY_H
#define POSTERN_TESTS_EXCHANGE_DIRECTORY_H

#include "tests/exchange/call.h"

/* A group of people, or (rooms) a list of rooms. */
struct sim_group {
    char *address;
    char *name;
    char **members; /* addresses, NULL at the end */
    bool rooms;
};

/* What is known of a user beside his name: an element of a contact and its
 * text. */
struct sim_detail {
    char *element;
    char *text;
};

const struct sim_group *sim_group_find(const struct exchange *exchange,
                                       const char *address);
const char *sim_detail(const struct sim_mailbox *mailbox, const char *element);

/* The addresses that something goes to, each member of a group by himself, NULL
 * at the end. */
const char **sim_expand(struct arena *arena, const struct exchange *exchange,
                        const char *address);

void sim_directory_free(struct exchange *exchange);
void sim_details_free(struct sim_mailbox *mailbox);

#endif

/*
 * searches.h - folders of searches: what somebody looks for, and what it finds
 */
#ifndef POSTERN_TESTS_EXCHANGE_SEARCHES_H
#define POSTERN_TESTS_EXCHANGE_SEARCHES_H

#include <stdbool.h>

struct call;
struct node;
struct sim_folder;
struct sim_item;
struct sim_search;

/* Reads SearchParameters; NULL with the code of what cannot be searched for. */
const char *sim_search_read(struct call *call, const struct node *parameters,
                            struct sim_search **search_out);
void sim_search_free(struct sim_search **search);

bool sim_search_finds(const struct sim_search *search, struct sim_item *item);

/* Writes the SearchParameters of a folder that has some. */
void put_search(struct call *call, struct sim_folder *folder);

#endif

/*
 * agree.h - whether a client, the gateway's index and Exchange see the same
 */
#ifndef POSTERN_TESTS_CLIENTS_AGREE_H
#define POSTERN_TESTS_CLIENTS_AGREE_H

struct arena;
struct harness;
struct offline;

/* The first line in which two texts differ, with some words; NULL if none
 * does. */
char *agree_texts(struct arena *arena, const char *a_name, const char *a,
                  const char *b_name, const char *b);

/* What a client sees otherwise than Exchange has it, and otherwise than it
 * stands in the index of a gateway that does not run; NULL if nothing. */
char *agree_with_exchange(struct arena *arena, const struct harness *harness,
                          const struct offline *client);
char *agree_with_index(struct arena *arena, const struct harness *harness,
                       const struct offline *client);

/* Expects that the index of a gateway that does not run is a sound file. */
void agree_index_is_sound(const struct harness *harness);

#endif

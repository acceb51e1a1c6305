/*
 * outlook.h - what another program does with the same mailbox meanwhile
 *
 * It speaks EWS to the simulated Exchange itself, and its calls are counted
 * there as ours are.
 */
#ifndef POSTERN_TESTS_CLIENTS_OUTLOOK_H
#define POSTERN_TESTS_CLIENTS_OUTLOOK_H

#include <stdbool.h>
#include <stddef.h>

struct harness;

enum outlook_kind { OUTLOOK_EVENT, OUTLOOK_TASK, OUTLOOK_CONTACT };

/* In ANN's own folder of that kind.  `more` is XML for the item behind its
 * name, NULL for none; events are from ten to eleven UTC on 1 December 2026. */
void outlook_add(const struct harness *harness, enum outlook_kind kind,
                 const char *name, const char *more);

/* "Number 1" and so on, in one call; every `series`th is a series of days (0:
 * none is). */
void outlook_add_many(const struct harness *harness, enum outlook_kind kind,
                      size_t count, size_t series);

void outlook_rename(const struct harness *harness, enum outlook_kind kind,
                    const char *name, const char *new_name);
void outlook_remove(const struct harness *harness, enum outlook_kind kind,
                    const char *name);

/* Whether there is one of that name, and how many there are. */
bool outlook_has(const struct harness *harness, enum outlook_kind kind,
                 const char *name);
size_t outlook_count(const struct harness *harness, enum outlook_kind kind);

/* Everything that Exchange tells of it, as XML; free it. */
char *outlook_show(const struct harness *harness, enum outlook_kind kind,
                   const char *name);

/* The same with the HTML of its body. */
char *outlook_show_html(const struct harness *harness, enum outlook_kind kind,
                        const char *name);

/* Expects that the item says this somewhere. */
void outlook_expect(const struct harness *harness, enum outlook_kind kind,
                    const char *name, const char *text);

/* What a mailbox has in a folder of those that everybody has ("inbox",
 * "calendar"), as XML; free it. */
char *outlook_list(const struct harness *harness, const char *user,
                   const char *folder);

#endif

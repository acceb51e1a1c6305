/*
 * search_sizes.h - exact sizes for those who want them at any price
 */
#ifndef POSTERN_IMAP_SEARCH_SIZES_H
#define POSTERN_IMAP_SEARCH_SIZES_H

#include <stddef.h>
#include <stdint.h>

#include "imap/command.h"

/* With the setting imap.exact_sizes, reads those of the messages whose size is
 * an estimate, so that a search by size agrees with what FETCH shows.  NULL
 * stands for all messages. */
enum status search_sizes_read(struct imap_command *command,
                              const uint32_t numbers[], size_t count);

#endif

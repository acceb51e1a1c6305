/*
 * words.h - a search as people type it, in the language of Exchange's index
 *
 * AQS, which Exchange has from 2010 on:  subject:imap AND subject:break
 */
#ifndef POSTERN_EXCHANGE_EWS_WORDS_H
#define POSTERN_EXCHANGE_EWS_WORDS_H

#include "proxy/exchange/mail.h"

struct arena;

/* All words of the text, each the beginning of one in the field; NULL where
 * there are no words in it, or Exchange does not know the field by a name. */
char *words_query(struct arena *arena, enum mail_search_field field,
                  const char *text);

#endif

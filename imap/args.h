/*
 * args.h - reading a command's arguments, one after the other
 *
 * The framer has seen to it that all bytes are here, literals included.  Each
 * reader takes one thing and moves on, or takes nothing and answers false or
 * NULL; a command that got one "no" is BAD, so that nobody needs to step back.
 * RFC 3501, section 9.
 */
#ifndef POSTERN_IMAP_ARGS_H
#define POSTERN_IMAP_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct imap_literal;
struct spool;

struct imap_args {
    const char *at; /* the next byte to read */
    const char *end;
    struct arena *arena; /* where the results live */

    const char *begin;

    /* Messages, of which only "{5}" is in the text; see struct imap_request. */
    const struct spool *messages;
    const struct imap_literal *literals; /* the next one */
    size_t literal_count;
};

void imap_args_init(struct imap_args *args, struct arena *arena,
                    const char *text, size_t len);

/* Whether the next byte is `c`; whether nothing is left. */
bool imap_args_next_is(const struct imap_args *args, char c);
bool imap_args_end(const struct imap_args *args);

/* Exactly this byte; exactly one space. */
bool imap_args_char(struct imap_args *args, char c);
bool imap_args_space(struct imap_args *args);

/* This word in any case, if what follows is no atom character: "BODY" takes the
 * front of "BODY[1]", not of "BODYSTRUCTURE". */
bool imap_args_word(struct imap_args *args, const char *word);

/* Results are NUL-terminated and in the arena; NULL if there is none.  A
 * literal with a NUL byte is none (RFC 3501: CHAR8).  An atom ends before any
 * of ( ) { space CTL % * " \ ] ; an astring's atom may contain "]". */
const char *imap_args_tag(struct imap_args *args);
const char *imap_args_atom(struct imap_args *args);
const char *imap_args_string(struct imap_args *args);
const char *imap_args_astring(struct imap_args *args);
const char *imap_args_list_mailbox(struct imap_args *args);

/* A string, or NIL: then true and *text_out is NULL. */
bool imap_args_nstring(struct imap_args *args, const char **text_out);

/* A decimal number of min to max, of digits only. */
bool imap_args_number(struct imap_args *args, uint64_t min, uint64_t max,
                      uint64_t *value_out);

/* A sequence set as written: any order, overlaps, and "*" as IMAP_STAR.  See
 * imap_folder_resolve for what it means. */
#define IMAP_STAR 0
struct imap_range {
    uint32_t first;
    uint32_t last;
};
struct imap_set {
    struct imap_range *ranges;
    size_t count;
    bool saved; /* "$": what the last search saved, too (RFC 5182) */
};
bool imap_args_set(struct imap_args *args, struct imap_set *set_out);

/* Flags and keywords; what is given to a message.  A system flag that the RFC
 * does not name is an error, and so is \Recent. */
struct imap_flags {
    uint32_t flags;                /* of enum mail_flag */
    const char *const *categories; /* NULL at the end; never NULL itself */
};
bool imap_args_flag_list(struct imap_args *args, struct imap_flags *flags_out);

/* STORE's form too: with or without the parentheses. */
bool imap_args_store_flags(struct imap_args *args,
                           struct imap_flags *flags_out);

/* date: "1-Feb-1994", quoted or not, as the day's number since 1970-01-01. */
bool imap_args_date(struct imap_args *args, int64_t *day_out);

/* date-time: "\" 1-Feb-1994 21:52:25 -0800\"", as seconds since 1970 UTC. */
bool imap_args_date_time(struct imap_args *args, int64_t *time_out);

/* A message or a part of one, which lives as long as the arena: "{5}" or
 * "~{5}", whose octets are spooled.  `binary_out` tells the second, which may
 * have NUL octets. */
bool imap_args_message(struct imap_args *args, const struct spool **message_out,
                       bool *binary_out);

#endif

/*
 * demo_text.h - who writes to the demo's mailbox, and what
 *
 * Texts are UTF-8 with LF line ends; names and stories are invented.
 */
#ifndef POSTERN_TESTS_DEMO_TEXT_H
#define POSTERN_TESTS_DEMO_TEXT_H

#include <stddef.h>

enum demo_person {
    DORA, ANNA, BERT,        /* the users of the demo, DORA being "demo@" */
    CLARA, EMIL, FATIMA, GRETE, HUGO, IRINA, KENJI, NOA, ELENI, WANG,
    MILL, SHOP, BANK, BUILD, LIST, NEWS, POST, STRANGER,
    DEMO_PERSON_COUNT
};

struct demo_person_text {
    const char *name;
    const char *address;
};

extern const struct demo_person_text demo_people[DEMO_PERSON_COUNT];

/* How a message is built; demo_mail.c has a writer for each. */
enum demo_shape {
    SHAPE_PLAIN,             /* text/plain, us-ascii or utf-8 as needed */
    SHAPE_FLOWED,            /* format=flowed, 8 bit */
    SHAPE_LATIN1,            /* iso-8859-1, quoted-printable */
    SHAPE_ENCODED,           /* `text` is base64 of text in `extra`, a charset */
    SHAPE_HTML,              /* text/html alone */
    SHAPE_BOTH,              /* multipart/alternative */
    SHAPE_INLINE_IMAGE,      /* multipart/related with a picture in the text */
    SHAPE_PICTURE,           /* multipart/mixed with a PNG named `extra` */
    SHAPE_PDF,               /* multipart/mixed with a PDF named `extra` */
    SHAPE_FILES,             /* multipart/mixed with a text, a table and a picture */
    SHAPE_FORWARD,           /* a whole message, message/rfc822; `extra` its subject */
    SHAPE_SIGNED,            /* multipart/signed, as OpenPGP looks */
    SHAPE_INVITATION,        /* text/calendar, method REQUEST; `extra` the place */
    SHAPE_READ_RECEIPT,      /* multipart/report, disposition-notification */
    SHAPE_UNDELIVERABLE,     /* multipart/report, delivery-status */
    SHAPE_COUNT
};

enum demo_mark {
    MARK_UNREAD = 1, MARK_FLAGGED = 2, MARK_ANSWERED = 4, MARK_FORWARDED = 8,
    MARK_DRAFT = 16
};

/* One message.  `folder` is a distinguished folder's id ("inbox") or a path below the
 * top ("Projects/Bread"); `headers` are more header lines with LF. */
struct demo_note {
    const char *folder;
    unsigned hours;          /* ago */
    enum demo_person from;
    const char *to;          /* NULL: to the demo user */
    enum demo_shape shape;
    unsigned marks;
    const char *categories;  /* "Red category;Bread" */
    const char *subject;     /* may be encoded already; NULL: there is none */
    const char *text;
    const char *extra;
    const char *headers;
};

extern const struct demo_note demo_notes[];
extern const size_t demo_note_count;

/* A conversation: turns alternate in References.  Those by DORA go to Sent. */
struct demo_turn {
    enum demo_person from;
    unsigned hours;          /* after the one before */
    const char *text;
};

#define DEMO_TURNS 9

struct demo_thread {
    const char *folder;
    unsigned days;           /* ago, of the first turn */
    const char *subject;
    const char *categories;
    struct demo_turn turns[DEMO_TURNS];  /* to the first without a text */
};

extern const struct demo_thread demo_threads[];
extern const size_t demo_thread_count;

/* What comes again and again: `subject` and `text` take a number (%u) and then a
 * topic (%s), round and round. */
struct demo_series {
    const char *folder;
    unsigned first_hours, every_hours, count;
    enum demo_person from;
    enum demo_shape shape;
    const char *categories;
    const char *subject;
    const char *text;
    const char *extra;       /* may take the number as well */
    const char *headers;
    const char *topics[8];   /* NULL at the end */
};

extern const struct demo_series demo_series[];
extern const size_t demo_series_count;

/* Folders beside those that messages name. */
extern const char *const demo_folders[];
extern const size_t demo_folder_count;

#endif

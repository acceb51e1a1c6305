/*
 * contact.h - what a contact is, between vCard and Exchange
 *
 * As event.h: what Exchange has a place for.  Its fields are slots of fixed
 * number; what a client says beyond them stays in the client's text.
 */
#ifndef POSTERN_FORMAT_CONTACT_H
#define POSTERN_FORMAT_CONTACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "proxy/format/event.h"

/* Single texts. */
enum contact_text {
    CONTACT_DISPLAY_NAME,
    CONTACT_SURNAME,
    CONTACT_GIVEN_NAME,
    CONTACT_MIDDLE_NAME,
    CONTACT_TITLE,      /* before the name */
    CONTACT_GENERATION, /* after it */
    CONTACT_NICKNAME,
    CONTACT_FILE_AS,
    CONTACT_COMPANY,
    CONTACT_DEPARTMENT,
    CONTACT_JOB_TITLE,
    CONTACT_PROFESSION,
    CONTACT_OFFICE,
    CONTACT_MANAGER,
    CONTACT_ASSISTANT,
    CONTACT_SPOUSE,
    CONTACT_WORK_PAGE,
    CONTACT_HOME_PAGE,
    CONTACT_FREE_BUSY,
    CONTACT_NOTE,
    CONTACT_IM_1,
    CONTACT_IM_2,
    CONTACT_IM_3,
    CONTACT_CUSTOM_1,
    CONTACT_CUSTOM_2,
    CONTACT_CUSTOM_3,
    CONTACT_CUSTOM_4,
    CONTACT_TEXT_COUNT
};

enum contact_phone {
    PHONE_WORK,
    PHONE_WORK_2,
    PHONE_HOME,
    PHONE_HOME_2,
    PHONE_MOBILE,
    PHONE_WORK_FAX,
    PHONE_HOME_FAX,
    PHONE_OTHER_FAX,
    PHONE_PAGER,
    PHONE_CAR,
    PHONE_ISDN,
    PHONE_OTHER,
    PHONE_PRIMARY,
    PHONE_ASSISTANT,
    PHONE_CALLBACK,
    PHONE_COMPANY,
    PHONE_RADIO,
    PHONE_TELEX,
    PHONE_TTY,
    PHONE_COUNT
};

enum contact_place { PLACE_WORK, PLACE_HOME, PLACE_OTHER, PLACE_COUNT };

struct contact_address {
    const char *street;
    const char *city;
    const char *state;
    const char *zip;
    const char *country;
    const char *box;
};

enum { CONTACT_EMAILS = 3 };

struct contact_email {
    const char *address; /* SMTP; NULL: none */
    const char *name;
};

struct contact_member {
    const char *address;
    const char *name;
    const char *id; /* of a contact in the mailbox, by Exchange; else NULL */
};

struct contact {
    const char *uid;
    bool group; /* a distribution list: a name, a note and members */
    const char *text[CONTACT_TEXT_COUNT];
    const char *phone[PHONE_COUNT];
    struct contact_email email[CONTACT_EMAILS];
    struct contact_address place[PLACE_COUNT];
    int preferred_place; /* enum contact_place; -1: none */
    const char *const *children;
    const char *const *categories;
    struct when birthday; /* WHEN_DATE; year 1604 stands for no year */
    struct when anniversary;
    unsigned gender; /* 0: not said, 1: female, 2: male */
    enum event_class class;
    bool has_photo;
    const char *photo_id; /* of the attachment, by Exchange */
    const void *photo;    /* NULL: it is not here */
    size_t photo_len;
    const char *photo_type;          /* "image/jpeg" */
    const char *const *certificates; /* DER in base64; read-only */
    struct contact_member *members;
    size_t member_count;
    int64_t modified;
};

/* Whether all but the photo, uid and dates of change are equal. */
bool contact_equal(const struct contact *a, const struct contact *b);

#endif

/*
 * fill.c - many small varied messages at once
 */
#include "tests/exchange/exchange.h"

#include "proxy/base/arena.h"
#include "proxy/base/time.h"
#include "tests/exchange/model.h"

static const char *const senders[] = {
    "Anna Becker <anna.becker@example.org>",
    "\"Ito, Kenji\" <kenji@example.net>",
    "=?utf-8?Q?J=C3=BCrgen_Gro=C3=9F?= <jg@example.com>",
    "shop@example.org",
    "Maria Costa <maria@example.net>",
};

static const char *const subjects[] = {
    "Lunch on Thursday?",
    "Re: minutes of the meeting",
    "Invoice",
    "=?utf-8?Q?Gr=C3=BC=C3=9Fe_aus_K=C3=B6ln?=",
    "Fwd: the photos",
    "Weekly report",
};

static const char *const bodies[] = {
    "Hello,\r\n\r\nshall we say half past twelve?\r\n\r\nAnna\r\n",
    "Please find the minutes below. Corrections until Friday.\r\n",
    "The amount is due within 14 days.\r\n",
    "It rains, but the cathedral is still standing.\r\n",
};

#define PICK(list, n) ((list)[(n) % (sizeof(list) / sizeof *(list))])

static struct sim_content *message(struct arena *arena, size_t n, int64_t when)
{
    char date[40];
    struct buf text;

    time_to_rfc5322(when, date);
    buf_init(&text, arena);
    buf_printf(
        &text,
        "From: %s\r\nTo: <user@example.com>\r\nSubject: %s %zu\r\nDate: %s\r\n"
        "Message-ID: <fill.%zu.%lld@example.org>\r\nMIME-Version: 1.0\r\n",
        PICK(senders, n), PICK(subjects, n), n, date, n, (long long)when);
    if (n % 4 == 3)
        buf_printf(
            &text,
            "Content-Type: multipart/alternative; boundary=\"b%zu\"\r\n\r\n"
            "--b%zu\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n%s\r\n"
            "--b%zu\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
            "<p>%s</p>\r\n\r\n--b%zu--\r\n",
            n, n, PICK(bodies, n), n, PICK(bodies, n), n);
    else
        buf_printf(&text, "Content-Type: text/plain; charset=utf-8\r\n\r\n%s",
                   PICK(bodies, n));
    return sim_content_new(text.data, text.len);
}

void exchange_fill(struct exchange *exchange, const char *user,
                   const char *path, size_t count)
{
    int64_t start = time_now() - (int64_t)count * 600;
    struct sim_mailbox *mailbox;
    struct sim_folder *folder;

    exchange_lock(exchange);
    mailbox = sim_mailbox_find(exchange, user);
    folder = mailbox == NULL ? NULL : sim_folder_by_path(mailbox, path);
    for (size_t i = 0; i < count && folder != NULL; i++) {
        struct arena *arena = arena_new();
        int64_t when = start + (int64_t)i * 600;
        struct sim_content *content = message(arena, i, when);

        sim_item_add(folder, &(struct sim_item_template){
                                 .content = content,
                                 .class = "IPM.Note",
                                 .flags = i % 3 == 0 ? 0 : FLAG_READ,
                                 .received = when + 20,
                                 .submitted = when,
                                 .transported = true });
        sim_content_unref(&content);
        arena_free(&arena);
    }
    exchange_unlock(exchange);
}

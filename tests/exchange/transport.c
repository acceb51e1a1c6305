/*
 * transport.c - sending: checks, the copy that is kept, delivery and reports
 */
#include "tests/exchange/model.h"

#include <string.h>

#include "proxy/base/str.h"
#include "proxy/base/time.h"
#include "tests/exchange/directory.h"
#include "tests/exchange/letter.h"
#include "tests/exchange/meeting.h"
#include "tests/exchange/soap.h"

struct recipients {
    const char **addresses;
    size_t count;
    bool bad;
};

static bool is_address(const char *address)
{
    const char *at = strrchr(address, '@');

    return at != NULL && at > address && at[1] != '\0' &&
           strpbrk(address, " \t\r\n<>,;") == NULL;
}

static void add_recipient(struct recipients *all, const char *address)
{
    for (size_t i = 0; i < all->count; i++)
        if (str_equal_nocase(all->addresses[i], address))
            return;
    all->addresses[all->count++] = address;
    if (!is_address(address))
        all->bad = true;
}

/* One kind of recipients: the list if one is given, else the header's. */
static void add_kind(struct arena *arena, struct recipients *all,
                     const struct sim_content *content, const char *name,
                     const char *const list[])
{
    struct letter_address *named =
        letter_addresses(arena, content->data, content->header_len, name);
    size_t count = 0;

    while ((list != NULL && list[count] != NULL) ||
           named[count].address != NULL)
        count++;
    all->addresses = memcpy(
        arena_array(arena, all->count + count + 1, sizeof *all->addresses),
        all->addresses == NULL ? (void *)"" : (void *)all->addresses,
        all->count * sizeof *all->addresses);
    for (size_t i = 0; list != NULL && list[i] != NULL; i++)
        add_recipient(all, list[i]);
    for (size_t i = 0; list == NULL && named[i].address != NULL; i++)
        add_recipient(all, named[i].address);
}

/* --- The message as it goes out ------------------------------------------ */

static void put_addresses(struct buf *out, const char *name,
                          const char *const list[])
{
    if (list == NULL || list[0] == NULL)
        return;
    buf_printf(out, "%s: ", name);
    for (size_t i = 0; list[i] != NULL; i++)
        buf_printf(out, "%s%s", i == 0 ? "" : ",\r\n\t", list[i]);
    buf_puts(out, "\r\n");
}

static bool has_field(struct arena *arena, const struct sim_content *content,
                      const char *name)
{
    return letter_field(arena, content->data, content->header_len, name) !=
           NULL;
}

/* The header as Exchange sends it: who it is from, when it was sent, its id, no
 * Bcc, and the recipients that were given apart from it. */
static struct sim_content *outgoing(struct arena *arena,
                                    const struct sim_submission *submission)
{
    const struct sim_content *content = submission->content;
    struct sim_mailbox *sender = submission->sender;
    const char *without[8] = { "Bcc", "Date", "Return-Path", "Resent-Bcc" };
    size_t n = 4;
    char date[40];
    struct buf out;

    buf_init(&out, arena);
    if (submission->to != NULL)
        without[n++] = "To";
    if (submission->cc != NULL)
        without[n++] = "Cc";
    if (!has_field(arena, content, "From"))
        buf_printf(&out, "From: %s <%s>\r\n",
                   letter_encode_words(arena, sender->display_name),
                   sender->address);
    put_addresses(&out, "To", submission->to);
    put_addresses(&out, "Cc", submission->cc);
    letter_copy_header(&out, content->data, content->header_len, without);
    time_to_rfc5322(time_now(), date);
    buf_printf(&out, "Date: %s\r\n", date);
    if (!has_field(arena, content, "Message-ID"))
        buf_printf(&out, "Message-ID: <%llx.%s%s>\r\n",
                   (unsigned long long)++sender->exchange->unique, sender->guid,
                   strchr(sender->address, '@'));
    buf_puts(&out, "\r\n");
    buf_append(&out, content->data + content->header_len,
               content->len - content->header_len);
    return sim_content_new(out.data, out.len);
}

/* The sender's copy keeps the Bcc that nobody else sees. */
static struct sim_content *kept(struct arena *arena,
                                const struct sim_content *sent,
                                const struct sim_content *original,
                                const char *const bcc[])
{
    struct buf out;
    static const char *const nothing[] = { NULL };

    buf_init(&out, arena);
    if (bcc != NULL)
        put_addresses(&out, "Bcc", bcc);
    else if (has_field(arena, original, "Bcc"))
        buf_printf(
            &out, "Bcc: %s\r\n",
            letter_field(arena, original->data, original->header_len, "Bcc"));
    letter_copy_header(&out, sent->data, sent->header_len, nothing);
    buf_puts(&out, "\r\n");
    buf_append(&out, sent->data + sent->header_len,
               sent->len - sent->header_len);
    return sim_content_new(out.data, out.len);
}

/* --- Delivery ------------------------------------------------------------ */

static void deliver(struct sim_mailbox *receiver,
                    const struct sim_mailbox *sender,
                    const struct sim_content *sent, const char *class)
{
    struct exchange *exchange = receiver->exchange;
    struct sim_content *content;
    char date[40];
    struct buf out;

    buf_init(&out, NULL);
    time_to_rfc5322(time_now(), date);
    buf_printf(
        &out,
        "Received: from mail.%s (192.0.2.10) by\r\n mail.%s (192.0.2.10) with"
        " Microsoft SMTP Server id\r\n %s via Mailbox Transport; %s\r\n",
        strchr(sender->address, '@') + 1, strchr(receiver->address, '@') + 1,
        exchange_build(exchange), date);
    buf_append(&out, sent->data, sent->len);
    content = sim_content_new(out.data, out.len);
    buf_fini(&out);
    attendant_receive(
        sim_item_add(sim_folder_by_use(receiver, "inbox"),
                     &(struct sim_item_template){ .content = content,
                                                  .class = class,
                                                  .received = time_now(),
                                                  .submitted = TIME_NONE,
                                                  .transported = true }));
    sim_content_unref(&content);
}

void exchange_receive(struct exchange *exchange, const char *user,
                      const char *mime)
{
    struct sim_folder *inbox = exchange_lock_folder(exchange, user, NULL);

    if (inbox != NULL) {
        struct sim_content *content = sim_content_new(mime, strlen(mime));
        struct sim_item_template template = {
            .content = content,
            .class = sim_item_class_of(content),
            .received = time_now(),
            .submitted = TIME_NONE,
            .transported = true,
        };

        attendant_receive(sim_item_add(inbox, &template));
        sim_content_unref(&content);
    }
    exchange_unlock(exchange);
}

static void report(struct sim_mailbox *sender, const char *address,
                   const struct sim_content *sent)
{
    const char *domain = strchr(sender->address, '@') + 1;
    unsigned long long unique = ++sender->exchange->unique;
    struct sim_content *content;
    char date[40];
    struct buf out;

    buf_init(&out, NULL);
    time_to_rfc5322(time_now(), date);
    buf_printf(
        &out,
        "From: Microsoft Outlook <postmaster@%s>\r\nTo: <%s>\r\n"
        "Subject: Undeliverable: message to %s\r\nDate: %s\r\n"
        "Message-ID: <report.%llx@%s>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status;\r\n"
        "\tboundary=\"report-%llx\"\r\n\r\n",
        domain, sender->address, address, date, unique, domain, unique);
    buf_printf(
        &out,
        "--report-%llx\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n"
        "Delivery has failed to this recipient:\r\n\r\n%s\r\n"
        "The address could not be found.\r\n\r\n"
        "--report-%llx\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns;mail.%s\r\n\r\nFinal-Recipient: rfc822;%s\r\n"
        "Action: failed\r\nStatus: 5.1.1\r\n\r\n"
        "--report-%llx\r\nContent-Type: text/rfc822-headers\r\n\r\n",
        unique, address, unique, domain, address, unique);
    buf_append(&out, sent->data, sent->header_len);
    buf_printf(&out, "\r\n--report-%llx--\r\n", unique);
    content = sim_content_new(out.data, out.len);
    buf_fini(&out);
    sim_item_add(sim_folder_by_use(sender, "inbox"),
                 &(struct sim_item_template){ .content = content,
                                              .class = "REPORT.IPM.Note.NDR",
                                              .received = time_now(),
                                              .submitted = TIME_NONE,
                                              .transported = true });
    sim_content_unref(&content);
}

static void deliver_to(struct sim_mailbox *sender, const char *address,
                       const struct sim_content *sent, const char *class)
{
    const struct sim_entry *entry =
        sim_entry_find_any(sender->exchange, address);
    struct sim_mailbox *receiver = sim_mailbox_find(
        sender->exchange, entry == NULL ? address : entry->address);

    sender->exchange->mails++;
    if (receiver != NULL)
        deliver(receiver, sender, sent, class);
    else if (entry == NULL && exchange_is_local(sender->exchange, address))
        report(sender, address, sent);
}

static void deliver_all(struct arena *arena,
                        const struct sim_submission *submission,
                        const struct recipients *all,
                        const struct sim_content *sent, const char *class)
{
    struct sim_mailbox *sender = submission->sender;

    for (size_t i = 0; i < all->count; i++) {
        const char **people =
            sim_expand(arena, sender->exchange, all->addresses[i]);

        for (size_t k = 0; people[k] != NULL; k++)
            deliver_to(sender, people[k], sent, class);
    }
}

static enum sim_submit_result check(struct arena *arena,
                                    const struct sim_submission *submission,
                                    struct recipients *all)
{
    const struct sim_content *content = submission->content;
    const struct exchange *exchange = submission->sender->exchange;
    struct letter_address *from =
        letter_addresses(arena, content->data, content->header_len, "From");

    if (exchange->message_limit != 0 && content->len > exchange->message_limit)
        return SUBMIT_TOO_BIG;
    add_kind(arena, all, content, "To", submission->to);
    add_kind(arena, all, content, "Cc", submission->cc);
    add_kind(arena, all, content, "Bcc", submission->bcc);
    if (all->count == 0)
        return SUBMIT_NO_RECIPIENTS;
    if (all->bad)
        return SUBMIT_BAD_RECIPIENTS;
    if (from[0].address != NULL &&
        !exchange_may_send_as(submission->sender->exchange, submission->sender,
                              from[0].address))
        return SUBMIT_DENIED;
    return SUBMIT_OK;
}

enum sim_submit_result sim_submit(const struct sim_submission *submission,
                                  struct sim_item **copy_out)
{
    struct arena *arena = arena_new();
    struct recipients all = { NULL, 0, false };
    enum sim_submit_result result = check(arena, submission, &all);
    const char *class = submission->class;

    *copy_out = NULL;
    if (class == NULL &&
        (class = sim_item_class_of(submission->content)) == NULL)
        class = "REPORT.IPM.Note.IPNRN";
    if (result == SUBMIT_OK) {
        struct sim_content *sent = outgoing(arena, submission);

        if (submission->save_to != NULL) {
            struct sim_content *copy =
                kept(arena, sent, submission->content, submission->bcc);

            *copy_out = sim_item_add(
                submission->save_to,
                &(struct sim_item_template){
                    .content = copy,
                    .class = class,
                    .flags = FLAG_READ | FLAG_SUBMITTED | FLAG_FROM_ME,
                    .received = time_now(),
                    .submitted = time_now() });
            if (submission->bag != NULL)
                bag_copy(&(*copy_out)->bag, submission->bag);
            sim_content_unref(&copy);
        }
        deliver_all(arena, submission, &all, sent, class);
        sim_content_unref(&sent);
    }
    arena_free(&arena);
    return result;
}

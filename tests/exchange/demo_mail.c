/*
 * demo_mail.c - makes a message of a line in the demo's tables
 */
#include "tests/exchange/demo_mail.h"

#include <stdlib.h>
#include <string.h>

#include "proxy/base/arena.h"
#include "proxy/base/buf.h"
#include "proxy/base/time.h"
#include "tests/exchange/demo_parts.h"
#include "tests/exchange/letter.h"

/* What a writer needs. */
struct draft {
    struct buf *out;
    struct arena *arena;
    const struct demo_letter *letter;
};

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

/* --- Multiparts ---------------------------------------------------------------- */

/* `depth` tells nested multiparts from each other. */
static void begin_multipart(struct draft *draft, const char *type, char depth)
{
    buf_printf(draft->out, "Content-Type: multipart/%s;\n boundary=\"=_%u_%c\"\n\n",
               type, draft->letter->number, depth);
    if (depth == 'a')
        buf_puts(draft->out, "This is a multi-part message in MIME format.\n");
}

static void next_part(struct draft *draft, char depth)
{
    buf_printf(draft->out, "\n--=_%u_%c\n", draft->letter->number, depth);
}

static void end_multipart(struct draft *draft, char depth)
{
    buf_printf(draft->out, "\n--=_%u_%c--\n", draft->letter->number, depth);
}

static void put_picture(struct draft *draft, const char *disposition,
                        const char *name, unsigned width, unsigned height)
{
    struct buf png;
    buf_init(&png, draft->arena);
    demo_png(&png, width, height, draft->letter->number * 37);
    part_file(draft->out, "image/png", disposition, name, png.data, png.len);
}

/* --- Shapes ------------------------------------------------------------------------ */

static void write_plain(struct draft *draft)
{
    part_plain(draft->out, draft->letter->text);
}

static void write_flowed(struct draft *draft)
{
    part_flowed(draft->out, draft->letter->text);
}

static void write_latin1(struct draft *draft)
{
    part_latin1(draft->out, draft->arena, draft->letter->text);
}

static void write_encoded(struct draft *draft)
{
    buf_printf(draft->out,
               "Content-Type: text/plain; charset=%s\n"
               "Content-Transfer-Encoding: base64\n\n%s",
               draft->letter->extra, draft->letter->text);
}

static void write_html(struct draft *draft)
{
    part_html(draft->out, draft->arena, draft->letter->text, NULL);
}

static void write_both(struct draft *draft)
{
    begin_multipart(draft, "alternative", 'a');
    next_part(draft, 'a');
    part_plain(draft->out, draft->letter->text);
    next_part(draft, 'a');
    part_html(draft->out, draft->arena, draft->letter->text, NULL);
    end_multipart(draft, 'a');
}

static void write_inline_image(struct draft *draft)
{
    const char *id = arena_printf(draft->arena, "picture.%u@postern.example",
                                  draft->letter->number);
    begin_multipart(draft, "related; type=\"multipart/alternative\"", 'a');
    next_part(draft, 'a');
    begin_multipart(draft, "alternative", 'b');
    next_part(draft, 'b');
    part_plain(draft->out, draft->letter->text);
    next_part(draft, 'b');
    part_html(draft->out, draft->arena, draft->letter->text, id);
    end_multipart(draft, 'b');
    next_part(draft, 'a');
    buf_printf(draft->out, "Content-ID: <%s>\n", id);
    put_picture(draft, "inline", draft->letter->extra, 240, 120);
    end_multipart(draft, 'a');
}

static void write_picture(struct draft *draft)
{
    begin_multipart(draft, "mixed", 'a');
    next_part(draft, 'a');
    part_plain(draft->out, draft->letter->text);
    next_part(draft, 'a');
    put_picture(draft, "attachment", draft->letter->extra, 480, 320);
    end_multipart(draft, 'a');
}

static void write_pdf(struct draft *draft)
{
    struct buf pdf;
    buf_init(&pdf, draft->arena);
    demo_pdf(&pdf, draft->arena, or_empty(draft->letter->subject),
             draft->letter->text);

    begin_multipart(draft, "mixed", 'a');
    next_part(draft, 'a');
    part_plain(draft->out, draft->letter->text);
    next_part(draft, 'a');
    part_file(draft->out, "application/pdf", "attachment", draft->letter->extra,
              pdf.data, pdf.len);
    end_multipart(draft, 'a');
}

static void write_files(struct draft *draft)
{
    static const char plan[] = "Plan\n====\n\n1. Flour\n2. Water\n3. Time\n";
    static const char costs[] = "what,pieces,price\nstall,1,120.00\n"
                                "table,2,15.50\numbrella,1,0.00\n";
    begin_multipart(draft, "mixed", 'a');
    next_part(draft, 'a');
    part_plain(draft->out, draft->letter->text);
    next_part(draft, 'a');
    part_file(draft->out, "text/plain; charset=us-ascii", "attachment",
              "plan.txt", plan, sizeof plan - 1);
    next_part(draft, 'a');
    part_file(draft->out, "text/csv; charset=us-ascii", "attachment",
              "costs.csv", costs, sizeof costs - 1);
    next_part(draft, 'a');
    put_picture(draft, "attachment", "hall.png", 320, 200);
    end_multipart(draft, 'a');
}

static void write_message(struct draft *draft);

/* A letter that someone else got a week ago, as a part. */
static void put_nested(struct draft *draft, enum demo_person from,
                       const char *subject, const char *text)
{
    const struct demo_letter nested = {
        .from = from,
        .to = "clara@harbour.example",
        .shape = SHAPE_BOTH,
        .subject = subject,
        .text = text,
        .time = draft->letter->time - 7 * 24 * 3600,
        .number = draft->letter->number + 100000,
    };
    struct draft inner = { draft->out, draft->arena, &nested };

    buf_puts(draft->out, "Content-Type: message/rfc822\n"
                         "Content-Disposition: attachment\n\n");
    write_message(&inner);
}

static void write_forward(struct draft *draft)
{
    begin_multipart(draft, "mixed", 'a');
    next_part(draft, 'a');
    part_plain(draft->out, draft->letter->text);
    next_part(draft, 'a');
    put_nested(draft, EMIL, draft->letter->extra,
               "1. Stalls open at eight.\n2. Dogs stay outside.\n3. Rye bread "
               "is sold by weight – bring a scale.");
    end_multipart(draft, 'a');
}

/* The signature is of the right form, and of nothing. */
static void write_signed(struct draft *draft)
{
    unsigned char noise[119];
    for (size_t i = 0; i < sizeof noise; i++)
        noise[i] = (unsigned char)(i * i * 7 + i * 29 + draft->letter->number);

    begin_multipart(draft,
                    "signed; micalg=pgp-sha256;\n"
                    " protocol=\"application/pgp-signature\"",
                    'a');
    next_part(draft, 'a');
    part_plain(draft->out, draft->letter->text);
    next_part(draft, 'a');
    buf_puts(draft->out,
             "Content-Type: application/pgp-signature; name=\"signature.asc\"\n"
             "Content-Description: OpenPGP digital signature\n\n"
             "-----BEGIN PGP SIGNATURE-----\n\n");
    part_base64(draft->out, noise, sizeof noise);
    buf_puts(draft->out, "-----END PGP SIGNATURE-----\n");
    end_multipart(draft, 'a');
}

/* "20261122T180000Z" */
static const char *calendar_time(struct arena *arena, int64_t time)
{
    char iso[sizeof "-2147483648-01-01T00:00:00Z"];
    struct buf out;

    time_to_iso(time, iso);
    buf_init(&out, arena);
    for (const char *at = iso; *at != '\0'; at++)
        if (*at != '-' && *at != ':')
            buf_putc(&out, *at);
    return out.data;
}

static void write_invitation(struct draft *draft)
{
    const struct demo_letter *letter = draft->letter;
    const struct demo_person_text *from = &demo_people[letter->from];
    int64_t start = (letter->time / 86400 + 6) * 86400 + 17 * 3600;

    begin_multipart(draft, "alternative", 'a');
    next_part(draft, 'a');
    part_plain(draft->out, letter->text);
    next_part(draft, 'a');
    buf_printf(draft->out,
               "Content-Type: text/calendar; charset=utf-8; method=REQUEST\n"
               "Content-Transfer-Encoding: 8bit\n\n"
               "BEGIN:VCALENDAR\nMETHOD:REQUEST\nVERSION:2.0\n"
               "PRODID:-//Postern//Demo//EN\nBEGIN:VEVENT\n"
               "UID:event-%u@postern.example\nDTSTAMP:%s\n",
               letter->number, calendar_time(draft->arena, letter->time));
    buf_printf(draft->out, "DTSTART:%s\nDTEND:%s\n",
               calendar_time(draft->arena, start),
               calendar_time(draft->arena, start + 5400));
    buf_printf(draft->out,
               "SUMMARY:%s\nLOCATION:%s\nDESCRIPTION:%s\nSEQUENCE:0\n"
               "ORGANIZER;CN=\"%s\":mailto:%s\n"
               "ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;\n"
               " CN=\"%s\":mailto:%s\nEND:VEVENT\nEND:VCALENDAR\n",
               letter->subject, letter->extra, letter->text, from->name,
               from->address, demo_people[DORA].name, demo_people[DORA].address);
    end_multipart(draft, 'a');
}

static void write_read_receipt(struct draft *draft)
{
    begin_multipart(draft, "report; report-type=disposition-notification", 'a');
    next_part(draft, 'a');
    part_plain(draft->out, draft->letter->text);
    next_part(draft, 'a');
    buf_printf(draft->out,
               "Content-Type: message/disposition-notification\n\n"
               "Reporting-UA: postern.example; Demo\n"
               "Final-Recipient: rfc822;%s\n"
               "Original-Message-ID: <diary@postern.example>\n"
               "Disposition: manual-action/MDN-sent-manually; displayed\n",
               draft->letter->extra);
    end_multipart(draft, 'a');
}

static void write_undeliverable(struct draft *draft)
{
    begin_multipart(draft, "report; report-type=delivery-status", 'a');
    next_part(draft, 'a');
    part_plain(draft->out, draft->letter->text);
    next_part(draft, 'a');
    buf_printf(draft->out,
               "Content-Type: message/delivery-status\n\n"
               "Reporting-MTA: dns;exchange.postern.example\n\n"
               "Final-Recipient: rfc822;%s\nAction: failed\nStatus: 5.1.1\n"
               "Diagnostic-Code: smtp;550 5.1.1 no such mailbox\n",
               draft->letter->extra);
    next_part(draft, 'a');
    put_nested(draft, DORA, "Invitation to the oven feast",
               "Come and eat.\n\nDora");
    end_multipart(draft, 'a');
}

/* clang-format off */
static void (*const writers[SHAPE_COUNT])(struct draft *draft) = {
    [SHAPE_PLAIN]         = write_plain,
    [SHAPE_FLOWED]        = write_flowed,
    [SHAPE_LATIN1]        = write_latin1,
    [SHAPE_ENCODED]       = write_encoded,
    [SHAPE_HTML]          = write_html,
    [SHAPE_BOTH]          = write_both,
    [SHAPE_INLINE_IMAGE]  = write_inline_image,
    [SHAPE_PICTURE]       = write_picture,
    [SHAPE_PDF]           = write_pdf,
    [SHAPE_FILES]         = write_files,
    [SHAPE_FORWARD]       = write_forward,
    [SHAPE_SIGNED]        = write_signed,
    [SHAPE_INVITATION]    = write_invitation,
    [SHAPE_READ_RECEIPT]  = write_read_receipt,
    [SHAPE_UNDELIVERABLE] = write_undeliverable,
};
/* clang-format on */

/* --- Headers ---------------------------------------------------------------------------- */

/* "Name <address>", the name quoted or encoded where it has to be. */
static const char *mailbox_of(struct arena *arena, enum demo_person person)
{
    const struct demo_person_text *text = &demo_people[person];
    const char *name = letter_encode_words(arena, text->name);
    struct buf quoted;

    if (strpbrk(name, "\",.<>@") == NULL)
        return arena_printf(arena, "%s <%s>", name, text->address);
    buf_init(&quoted, arena);
    for (; *name != '\0'; name++)
        buf_printf(&quoted, *name == '"' ? "\\%c" : "%c", *name);
    return arena_printf(arena, "\"%s\" <%s>", quoted.data, text->address);
}

const char *demo_message_id(struct arena *arena, const struct demo_letter *letter)
{
    return arena_printf(arena, "<%u.%s>", letter->number,
                        demo_people[letter->from].address);
}

static void put_references(struct draft *draft, const char *references)
{
    const char *parent = strrchr(references, ' ');
    buf_printf(draft->out, "In-Reply-To: %s\nReferences: ",
               parent != NULL ? parent + 1 : references);
    for (; *references != '\0'; references++)
        if (*references == ' ')
            buf_puts(draft->out, "\n ");
        else
            buf_putc(draft->out, *references);
    buf_putc(draft->out, '\n');
}

static void put_head(struct draft *draft)
{
    const struct demo_letter *letter = draft->letter;
    struct arena *arena = draft->arena;
    struct buf *out = draft->out;
    char date[40];

    time_to_rfc5322(letter->time, date);
    buf_printf(out, "Date: %s\nFrom: %s\n", date,
               mailbox_of(arena, letter->from));
    buf_printf(out, "To: %s\n", letter->to != NULL ? letter->to
                                                   : mailbox_of(arena, DORA));
    if (letter->subject != NULL)
        buf_printf(out, "Subject: %s\n",
                   letter_encode_words(arena, letter->subject));
    buf_printf(out, "Message-ID: %s\n", demo_message_id(arena, letter));
    if (letter->references != NULL && letter->references[0] != '\0')
        put_references(draft, letter->references);
    buf_puts(out, or_empty(letter->headers));
    buf_puts(out, "MIME-Version: 1.0\n");
}

static void write_message(struct draft *draft)
{
    put_head(draft);
    writers[draft->letter->shape](draft);
}

void demo_mail_write(struct buf *out, struct arena *arena,
                     const struct demo_letter *letter)
{
    struct buf text;
    struct draft draft = { &text, arena, letter };

    buf_init(&text, arena);
    write_message(&draft);
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] == '\n' && (i == 0 || text.data[i - 1] != '\r'))
            buf_putc(out, '\r');
        buf_putc(out, text.data[i]);
    }
}

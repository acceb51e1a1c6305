/*
 * demo_text.c - who writes to the demo's mailbox, and what
 *
 * Dora bakes, and plans an oven and a market stall with her neighbours.
 */
#include "tests/exchange/demo_text.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* clang-format off */
const struct demo_person_text demo_people[DEMO_PERSON_COUNT] = {
    [DORA]     = { "Dora Keller",          "demo@postern.example" },
    [ANNA]     = { "Anna Lindqvist",       "anna@postern.example" },
    [BERT]     = { "Bert Özdemir",         "bert@postern.example" },
    [CLARA]    = { "Clara Nováková",       "clara@harbour.example" },
    [EMIL]     = { "Emil Grünbaum",        "emil.gruenbaum@fachwerk.example" },
    [FATIMA]   = { "Haddad, Fatima",       "f.haddad@harbour.example" },
    [GRETE]    = { "Tante Grete",          "grete@landleben.example" },
    [HUGO]     = { "Hugo \"Hops\" O'Neil", "hugo@brewery.example" },
    [IRINA]    = { "Ирина Соколова",       "irina@volga.example" },
    [KENJI]    = { "佐藤健二",             "kenji.sato@panya.example" },
    [NOA]      = { "נועה לוי",             "noa@carmel.example" },
    [ELENI]    = { "Ελένη Παππά",          "eleni@nisi.example" },
    [WANG]     = { "王芳",                 "wang.fang@expo.example" },
    [MILL]     = { "Millbrook Flour",      "orders@millbrook.example" },
    [SHOP]     = { "Tool Shed",            "no-reply@toolshed.example" },
    [BANK]     = { "Savings Union",        "notices@savings-union.example" },
    [BUILD]    = { "Oven Monitor",         "monitor@postern.example" },
    [LIST]     = { "Sourdough list",       "sourdough@lists.example" },
    [NEWS]     = { "The Weekly Crumb",     "hello@weeklycrumb.example" },
    [POST]     = { "Mail Delivery System", "postmaster@postern.example" },
    [STRANGER] = { "PRIZE DEPARTMENT",     "winner@lucky.example" },
};

const char *const demo_folders[] = {
    "Projects", "Projects/Bread", "Projects/Bread/2026", "Projects/Bread/Archive",
    "Projects/Oven \\/ Chimney", "Projects/100% Rye", "Lists", "Lists/Sourdough",
    "Lists/The Weekly Crumb", "Family", "Jürgen & Søren", "Orders", "Orders/Invoices",
    "🍞 Recipes", "日本語", "Empty", "A name with \"quotes\" and [brackets]",
};
const size_t demo_folder_count = COUNT(demo_folders);

const struct demo_thread demo_threads[] = {
    { "inbox", 2, "Oven on Saturday?", NULL, {
        { ANNA,  0, "Hi Dora,\n\nthe village oven is free on Saturday from nine.  Shall I "
                    "book it for us?\n\nAnna" },
        { DORA,  2, "Yes please!  I bring two kneading troughs and the rye starter.\n\nDora" },
        { BERT,  3, "Count me in.  I can fire it from six so that it is hot in time.\n\nBert" },
        { ANNA,  9, "Booked.  The key hangs behind the third brick on the left, as always.\n\n"
                    "Anna" },
        { BERT, 20, "Found the key.  Also found a family of hedgehogs; we should light the fire "
                    "on the other side.  🦔\n\nBert" } } },
    { "inbox", 9, "Market stall: who stands when", "Market", {
        { CLARA, 0, "Dear all,\n\nthe council gave us the corner by the fountain.  We need two "
                    "people per shift:\n\n  08:00 - 11:00\n  11:00 - 14:00\n  14:00 - 17:00\n\n"
                    "Please answer with what suits you.\n\nClara" },
        { FATIMA, 4, "The first one for me.  I am up anyway.\n\nFatima" },
        { HUGO,   6, "Afternoon.  Nobody wants beer bread at eight.\n\nHugo" },
        { DORA,   1, "I take the first with Fatima, and can stay for the second.\n\nDora" },
        { EMIL,  20, "Ich komme um elf und bringe den großen Schirm mit.\n\nGrüße\nEmil" },
        { CLARA,  5, "Wonderful, that is everybody.  The price list is in the shared folder.\n\n"
                     "Clara" },
        { DORA,  12, "Thank you, Clara.  Could we round the prices to half a crown?\n\nDora" },
        { CLARA, 26, "Done.\n\nClara" } } },
    { "Projects/Bread/2026", 40, "Hydration of the spring loaf", "Bread;Red category", {
        { BERT,  0, "At 78 % it runs off the peel.  Are you sure?\n\nBert" },
        { DORA,  5, "With the new flour, yes.  Fold it three times, half an hour apart.\n\nDora" },
        { BERT, 30, "You were right.  Open crumb, and it stood.  Picture follows.\n\nBert" },
        { ANNA,  3, "I want a slice of that.\n\nAnna" },
        { DORA, 20, "Then come on Thursday.\n\nDora" },
        { KENJI, 40, "May I translate the recipe for our shop?\n\nKenji" },
        { DORA,  6, "Of course, Kenji, it would be an honour.\n\nDora" } } },
    { "Projects/Oven \\/ Chimney", 75, "Schornstein: Angebot und Termin", "Oven", {
        { EMIL,  0, "Liebe Dora,\n\ndas Gerüst kostet für zwei Wochen 480 Euro, die Ziegel "
                    "liegen schon bereit.  Wann dürfen wir anfangen?\n\nViele Grüße\nEmil" },
        { DORA, 26, "Lieber Emil,\n\nab dem nächsten Montag steht der Hof leer.  Bitte denkt an "
                    "die Schwalben unter dem Dach.\n\nDora" },
        { EMIL,  7, "Die Schwalben bleiben ungestört, wir bauen von der Straßenseite.\n\nEmil" },
        { GRETE, 50, "Und wer macht hinterher den Ruß weg?\n\nGrete" },
        { DORA,  2, "Ich, Tante Grete.  Versprochen.\n\nDora" } } },
    { "Family", 120, "Birthday", NULL, {
        { GRETE, 0, "Kind,\n\nam Sonntag gibt es Pflaumenkuchen.  Komm nicht zu spät und bring "
                    "Hunger mit.\n\nDeine Tante Grete" },
        { DORA,  3, "Ich freue mich!  Soll ich Sahne mitbringen?\n\nDora" },
        { GRETE, 20, "Sahne ist da.  Bring lieber den netten jungen Mann mit der Bäckermütze.\n\n"
                     "Grete" } } },
    { "inbox", 17, "Re: [Council] Permit for the stall 4711/26", NULL, {
        { CLARA, 0, "They want the list of ingredients again.  Where is it?\n\nClara" },
        { DORA,  1, "In \"100% Rye\", third mail from the bottom.\n\nDora" },
        { CLARA, 1, "Got it, sent it, stamped.  One day we frame that permit.\n\nClara" } } },
    { "inbox", 31, "Beer bread", "Bread", {
        { HUGO,  0, "I have forty litres of spent grain.  Bake me something.\n\nHugo" },
        { DORA,  8, "Forty litres?  Bring ten.\n\nDora" },
        { HUGO,  1, "Ten it is.  The pigs get the rest.\n\nHugo" },
        { DORA, 70, "Result: nine loaves, malty, a crust like bark.  Come and fetch yours.\n\n"
                    "Dora" },
        { HUGO, 10, "Best payment I ever had for rubbish.\n\nHugo" } } },
    { "🍞 Recipes", 300, "Your rye starter", "Bread", {
        { ELENI, 0, "Mine sleeps.  It makes no bubbles since the cold nights.\n\nEleni" },
        { DORA,  5, "Warm it to 28 degrees and feed it twice a day with equal parts.  It wakes "
                    "up on the third day.\n\nDora" },
        { ELENI, 80, "It climbed out of the jar!\n\nEleni" } } },
    { "Projects/100% Rye", 410, "Ingredients for the label", NULL, {
        { FATIMA, 0, "For the label I need: everything that goes in, by weight.\n\nFatima" },
        { DORA,  3, "Rye flour (54 %), water, salt, caraway.  That is all.\n\nDora" },
        { FATIMA, 2, "The printer asks whether caraway is an allergen.  It is not.\n\nFatima" },
        { BERT, 20, "But it divides families.\n\nBert" } } },
    { "inbox", 5, "Photos of the crust", NULL, {
        { ANNA,  0, "Which of the three for the poster?  I like the second.\n\nAnna" },
        { DORA,  4, "The second, but a little brighter.\n\nDora" },
        { ANNA,  2, "Brighter it is.  To the printer tomorrow.\n\nAnna" } } },
    { "Lists/Sourdough", 22, "[sourdough] Rye or wheat for a first starter?", NULL, {
        { NOA,   0, "Everyone says rye.  Why?\n\nNoa" },
        { IRINA, 6, "More sugar, more life.  Wheat is patient, rye is hungry.\n\nIrina" },
        { HUGO,  2, "Both.  Two jars, two names.\n\nHugo" },
        { KENJI, 9, "In our climate rice flour works well, too.\n\nKenji" },
        { NOA,  15, "Two jars now stand on my shelf.  They are called Salt and Pepper.\n\nNoa" },
        { ELENI, 3, "Never name them.  You will cry.\n\nEleni" } } },
};
const size_t demo_thread_count = COUNT(demo_threads);

const struct demo_series demo_series[] = {
    { "Lists/The Weekly Crumb", 30, 168, 52, NEWS, SHAPE_BOTH, NULL,
      "The Weekly Crumb no. %u: %s",
      "Good morning!\n\nThis is issue %u.  This week we talk about %s.\n\n* Ask three bakers and "
      "get four answers.\n* A reader's question about salt.\n* The loaf of the week, with a "
      "picture that makes hungry.\n\nHave a crusty weekend\nthe Crumb",
      NULL, "List-Id: The Weekly Crumb <crumb.weeklycrumb.example>\n"
            "List-Unsubscribe: <https://weeklycrumb.example/bye>, <mailto:bye@weeklycrumb.example>\n"
            "Precedence: bulk\n",
      { "steam", "a better crust", "old grains", "kneading by hand", "salt", "buns", "patience",
        NULL } },
    { "Orders/Invoices", 200, 700, 24, MILL, SHAPE_PDF, "Invoices",
      "Invoice %u for %s",
      "Dear customer,\n\nplease find attached invoice %u for your order of %s.\nIt is payable "
      "within fourteen days.\n\nMillbrook Flour, Mill Lane 1",
      "Invoice-%u.pdf", NULL,
      { "rye flour, 50 kg", "wheat flour, 100 kg", "spelt, 25 kg", "mixed grains", NULL } },
    { "inbox", 14, 52, 36, BUILD, SHAPE_PLAIN, NULL,
      "Oven report %u: %s",
      "Firing no. %u ended: %s.\n\nhighest temperature   312 C\ntime above 250 C      2 h 40 min\n"
      "wood                  31 kg\n\n-- \nOven Monitor, do not reply",
      NULL, "Auto-Submitted: auto-generated\nX-Oven: village; door=closed\n",
      { "all well", "all well", "the door stood open", "all well", "damp wood", NULL } },
    { "Lists/Sourdough", 10, 97, 30, LIST, SHAPE_FLOWED, NULL,
      "[sourdough] Question %u: %s",
      "Hello list,\n\nthis is question %u of my long series, about %s.  I have read the archive "
      "from one end to the other and found many opinions but no number, so please tell me what "
      "you do, and above all how long you wait, because waiting is what I am worst at.\n\n"
      "Thank you all!\n\n-- \nThe sourdough list",
      NULL, "List-Id: Sourdough <sourdough.lists.example>\n"
            "List-Post: <mailto:sourdough@lists.example>\n"
            "List-Help: <mailto:sourdough-request@lists.example?subject=help>\n"
            "Sender: sourdough-bounces@lists.example\nPrecedence: list\n",
      { "storing the starter", "the float test", "tap water", "scoring", "baking on stone", NULL } },
    { "Orders", 60, 620, 14, SHOP, SHAPE_HTML, NULL,
      "Your order %u has been shipped (%s)",
      "Good news!\n\nOrder %u is on its way to you: %s.\n\nWe hope to see you again soon.\n"
      "Tool Shed, everything but the kitchen sink",
      NULL, NULL,
      { "a dough scraper", "a peel, 120 cm", "proofing baskets, set of four", "a razor blade",
        NULL } },
    { "inbox", 100, 720, 12, BANK, SHAPE_HTML, NULL,
      "Your statement no. %u is ready",
      "Dear member,\n\nstatement %u can be collected at the counter.  We never send links.\n%s\n\n"
      "Savings Union",
      NULL, "Importance: High\nX-Priority: 1 (Highest)\n",
      { "Please bring your card.", NULL } },
    { "junkemail", 33, 150, 8, STRANGER, SHAPE_HTML, NULL,
      "YOU HAVE WON!!! Claim no. %u (%s)",
      "Dear FRIEND,\n\nyour address won the draw number %u.  Hurry, only %s left!!!\n",
      NULL, "X-Spam-Flag: YES\nX-Spam-Score: 17.3\n",
      { "2 hours", "15 minutes", "one day", NULL } },
    { "Projects/Bread/Archive", 9000, 190, 30, BERT, SHAPE_PLAIN, "Bread",
      "Loaf diary, entry %u: %s",
      "Entry %u of the diary.\n\nToday: %s.  Weighed, folded, waited, baked, eaten.\n\nBert",
      NULL, NULL,
      { "a dark one", "too flat", "with seeds", "the best so far", "burnt", NULL } },
};
const size_t demo_series_count = COUNT(demo_series);
/* clang-format on */

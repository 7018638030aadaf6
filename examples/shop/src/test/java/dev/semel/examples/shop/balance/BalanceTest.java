package dev.semel.examples.shop.balance;

import static dev.semel.examples.shop.balance.SmallRun.CONFIRMATIONS;
import static dev.semel.examples.shop.balance.SmallRun.CONFIRMATION_LETTERS;
import static dev.semel.examples.shop.balance.SmallRun.INVENTORY;
import static dev.semel.examples.shop.balance.SmallRun.INVENTORY_LETTERS;
import static dev.semel.examples.shop.balance.SmallRun.ORDERS;
import static dev.semel.examples.shop.balance.SmallRun.ORDER_LETTERS;
import static dev.semel.examples.shop.balance.SmallRun.PAYMENTS;
import static dev.semel.examples.shop.balance.SmallRun.PAYMENT_LETTERS;
import static dev.semel.examples.shop.balance.SmallRun.RECEIPTS;
import static dev.semel.examples.shop.balance.SmallRun.RESERVATIONS;
import static dev.semel.examples.shop.balance.SmallRun.confirmation;
import static dev.semel.examples.shop.balance.SmallRun.event;
import static dev.semel.examples.shop.balance.SmallRun.receipt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.semel.examples.shop.balance.Balance.Handled;
import dev.semel.examples.shop.balance.Balance.Mails;
import dev.semel.examples.shop.balance.Balance.Payments;
import dev.semel.examples.shop.balance.Balance.ServiceLetters;
import dev.semel.examples.shop.balance.InventoryModel.Lines;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BalanceTest {

    private static final String RESERVE_KITES =
            "{'type':'ReserveStock','orderId':'o1','line':1,'product':'kite','quantity':3}";

    private final SmallRun run = new SmallRun();

    @Test
    void aRunInWhichNothingIsMissingBalances() {
        Balance balance = run.balance();

        assertThat(balance.differences()).isEmpty();
        assertThat(balance.isBalanced()).isTrue();
        assertThat(balance.inputs()).isEqualTo(5);
        assertThat(balance.handled()).isEqualTo(new Handled(2, 1, 1));
        assertThat(balance.lines()).isEqualTo(new Lines(2, 2, 1, 1));
        assertThat(balance.payments()).isEqualTo(new Payments(4, 3, 1, 800));
        assertThat(balance.mails()).isEqualTo(new Mails(2, 3, 0, 0));
        assertThat(balance.letters())
                .extracting(ServiceLetters::service, ServiceLetters::byClass)
                .containsExactly(
                        tuple("order", Map.of("deserialization_failed", 1L)),
                        tuple("inventory", Map.of()),
                        tuple("payment", Map.of()),
                        tuple("confirmation", Map.of()));
        assertThat(balance.duplicates()).isZero();
        assertThat(balance.products())
                .containsExactly(new ProductAccount("kite", 10, 3, 3, 10), new ProductAccount("lamp", 5, 2, 0, 3));
        assertThat(balance.total()).isEqualTo(new ProductAccount("total", 15, 5, 3, 13));
    }

    @Test
    void anInputThatIsNotInItsTopicIsNamed() {
        run.remove(ORDERS, 2);

        assertDifference("input 3 (o2) at shop.orders-0@2", "a record there", "none");
    }

    @Test
    void anInputThatWasChangedIsNamed() {
        run.put(ORDERS, 2, 3, "{'type':'OrderPlaced','orderId':'o2','lines':[{'product':'kite','quantity':8}]}");

        assertDifference("input 3 (o2) at shop.orders-0@2", "as it was sent", "another");
    }

    @Test
    void aRecordThatNobodySentIsNamed() {
        run.put(ORDERS, 5, 3, "{}");

        assertDifference("record shop.orders-0@5", "nothing that was not sent", "shop.orders-5");
    }

    @Test
    void aLostLineIsNamed() {
        run.remove(RESERVATIONS, 2);

        assertDifference(
                "input 2 (o1) at shop.orders-0@1 line 1", "ReserveStock[orderId=o1, line=1, product=kite", "none");
    }

    @Test
    void aDoubledLineIsNamed() {
        run.put(RESERVATIONS, 6, 2, RESERVE_KITES);

        assertDifference("input 2 (o1) at shop.orders-0@1 line 1", "once", "shop.reservations-0@6");
    }

    @Test
    void aDoubledLineWithItsAnswerIsNamedEvenThoughLevelsFit() {
        run.put(RESERVATIONS, 6, 2, RESERVE_KITES);
        run.put(INVENTORY, 6, 2, event("StockReserved','orderId':'o1", 1, "kite", 3, 7));

        assertDifference("input 2 (o1) at shop.orders-0@1 line 1", "once", "shop.reservations-0@6");
    }

    @Test
    void aLineThatSaysSomethingElseIsNamed() {
        run.put(RESERVATIONS, 2, 2, RESERVE_KITES.replace("3}", "4}"));

        assertDifference("input 2 (o1) at shop.orders-0@1 line 1", "quantity=3", "quantity=4");
    }

    @Test
    void aCommandThatNoInputAsksForIsNamed() {
        run.put(RESERVATIONS, 6, 9, RESERVE_KITES);

        assertDifference("command shop.reservations-0@6", "no such command", "ReserveStock");
    }

    @Test
    void aMissingLetterIsNamed() {
        run.remove(ORDER_LETTERS, 0);

        assertDifference("input 4 (o3) at shop.orders-0@3", "one dead letter of class deserialization_failed", "none");
    }

    @Test
    void aSecondLetterIsNamed() {
        run.putLetter(ORDER_LETTERS, 1, ORDERS, 3, "deserialization_failed");

        assertDifference("input 4 (o3) at shop.orders-0@3", "one dead letter", "dlq-0@1");
    }

    @Test
    void aLetterOfAnotherClassIsNamed() {
        run.putLetter(ORDER_LETTERS, 0, ORDERS, 3, "handler_exception");

        assertDifference("input 4 (o3)", "class deserialization_failed", "handler_exception at");
    }

    @Test
    void aLetterOfWhatWasHandledIsNamed() {
        run.putLetter(ORDER_LETTERS, 1, ORDERS, 1, "handler_exception");
        run.putLetter(INVENTORY_LETTERS, 0, RESERVATIONS, 4, "handler_exception");

        assertDifference("input 2 (o1) at shop.orders-0@1", "no dead letter", "handler_exception");
        assertDifference(
                "command input 3 line 1 (kite) at shop.reservations-0@4", "no dead letter", "handler_exception");
    }

    @Test
    void aLetterFromNowhereIsNamed() {
        run.putLetter(ORDER_LETTERS, 1, ORDERS, 77, "handler_exception");

        assertDifference("dead letter shop.orders.order-service.dlq-0@1", "a record that was sent", "shop.orders-0@77");
    }

    @Test
    void aRecordThatIsNoLetterIsNamed() {
        run.put(ORDER_LETTERS, 1, 3, "{}");

        assertDifference("record shop.orders.order-service.dlq-0@1", "can be read", "no dead letter");
    }

    @Test
    void aCommandWithoutAnswerIsNamed() {
        run.remove(INVENTORY, 4);

        assertDifference("input 3 line 1, ReserveStock[orderId=o2", "one event that answers it", "none");
    }

    @Test
    void aSecondAnswerIsNamed() {
        run.put(INVENTORY, 6, 3, event("StockRejected','orderId':'o2", 1, "kite", 11, 10));

        assertDifference("input 3 line 1, ReserveStock[orderId=o2", "one event that answers it", "shop.inventory-0@6");
    }

    @Test
    void anAnswerToAnotherQuestionIsNamed() {
        run.put(INVENTORY, 4, 3, event("StockReceived','deliveryId':'o2", 1, "kite", 9, 16));

        assertDifference("input 3 line 1, ReserveStock[orderId=o2", "one event that answers it", "StockReceived");
    }

    @Test
    void anEventThatNoCommandAsksForIsNamed() {
        run.put(INVENTORY, 6, 8, event("StockReceived','deliveryId':'d9", 1, "kite", 1, 11));

        assertDifference("event of input 8 line 1", "no command asks for it", "StockReceived");
    }

    @Test
    void answersInAnotherOrderThanTheCommandsOfTheirProductAreNamed() {
        run.put(INVENTORY, 2, 3, event("StockRejected','orderId':'o2", 1, "kite", 19, 10));
        run.put(INVENTORY, 4, 2, event("StockReserved','orderId':'o1", 1, "kite", 3, 7));
        run.put(RESERVATIONS, 4, 3, "{'type':'ReserveStock','orderId':'o2','line':1,'product':'kite','quantity':19}");

        assertDifference("answer 2 of product kite", "that to input 2 line 1", "that to input 3 line 1");
    }

    @Test
    void answersAboutAnotherProductMayComeBefore() {
        run.put(INVENTORY, 2, 2, event("StockReserved','orderId':'o1", 2, "lamp", 2, 3));
        run.put(INVENTORY, 3, 2, event("StockReserved','orderId':'o1", 1, "kite", 3, 7));

        assertThat(run.balance().differences()).isEmpty();
    }

    @Test
    void aLevelThatDoesNotFollowIsNamedOnce() {
        run.put(INVENTORY, 3, 2, event("StockReserved','orderId':'o1", 2, "lamp", 2, 4));

        assertDifference("product lamp at shop.inventory-0@3", "level 3 after 5", "level 4");
        assertDifference("product lamp", "3 units left (5 received - 2 reserved + 0 released)", "4 as the last level");
        assertThat(run.balance().differences()).hasSize(2);
    }

    @Test
    void aNegativeLevelIsNamed() {
        run.put(INVENTORY, 4, 3, event("StockReserved','orderId':'o2", 1, "kite", 9, -2));
        run.put(INVENTORY, 5, 5, event("StockReleased','orderId':'o1", 1, "kite", 3, 1));

        assertDifference("product kite at shop.inventory-0@4", "a level of 0 or more", "level -2");
    }

    @Test
    void aRejectionOfWhatWasThereIsNamed() {
        run.put(RESERVATIONS, 4, 3, "{'type':'ReserveStock','orderId':'o2','line':1,'product':'lamp','quantity':9}");
        run.put(INVENTORY, 1, 1, event("StockReceived','deliveryId':'d1", 2, "lamp", 11, 11));
        run.put(INVENTORY, 3, 2, event("StockReserved','orderId':'o1", 2, "lamp", 2, 9));
        run.put(INVENTORY, 4, 3, event("StockRejected','orderId':'o2", 1, "lamp", 9, 9));

        assertDifference("product lamp at shop.inventory-0@4", "9 are in stock", "a rejection of 9");
    }

    @Test
    void aReleaseOfMoreOrLessThanWasHeldIsNamed() {
        run.put(INVENTORY, 5, 5, event("StockReleased','orderId':'o1", 1, "kite", 2, 9));

        assertDifference("product kite at shop.inventory-0@5", "a release of the 3 units that are held", "of 2");
    }

    @Test
    void anEventIdThatComesTwiceIsADuplicate() {
        run.put(INVENTORY, 5, 5, event("StockReleased','orderId':'o1", 1, "kite", 3, 10), INVENTORY + "-4");

        assertThat(run.balance().duplicates()).isEqualTo(1);
        assertDifference("event test/shop.inventory-4", "once, at shop.inventory-0@4", "again at shop.inventory-0@5");
    }

    @Test
    void aRecordThatCannotBeReadIsNamed() {
        run.put(INVENTORY, 6, 5, "{'type':'StockReleased'}");

        assertDifference("record shop.inventory-0@6", "can be read", "UnreadableEventException");
    }

    @Test
    void aLevelInTheDatabaseThatIsNotThatOfTheEventsIsNamed() {
        run.shelf("lamp", 4, 2);

        assertDifference("stock of lamp in the database", "level 3", "level 4");
    }

    @Test
    void anEffectThatCameTwiceInTheDatabaseIsNamedEvenThoughLevelsFit() {
        run.shelf("kite", 10, 5);

        assertDifference("stock of kite in the database", "version 3", "version 5");
    }

    @Test
    void aProductOfWhichNoEventTellsIsNamed() {
        run.shelf("vase", 0, 1);

        assertDifference("stock of vase in the database", "version 0", "version 1");
    }

    @Test
    void aReservationThatIsNotThatOfTheEventsIsNamed() {
        run.reserved("lamp", "o1", 3);
        run.reserved("kite", "o1", 3);

        assertDifference("reserved of lamp for o1 in the database", "quantity 2", "quantity 3");
        assertDifference("reserved of kite for o1 in the database", "quantity 0", "quantity 3");
    }

    @Test
    void aPaymentThatIsNotInItsTopicIsNamed() {
        run.remove(PAYMENTS, 3);

        assertDifference("input 9 (o2) at shop.payments-0@3", "a record there", "none");
    }

    @Test
    void aPaymentWithoutReceiptIsNamedAndTheMoneyDoesNotAddUp() {
        run.remove(RECEIPTS, 2);

        assertDifference("p3", "once PaymentReceived[paymentId=p3, orderId=o2, cents=100]", "none");
        assertDifference("money", "800 cents", "700 cents");
    }

    @Test
    void aPaymentThatIsReceivedTwiceIsNamedAndTheMoneyDoesNotAddUp() {
        run.put(RECEIPTS, 3, 8, receipt("p1", "o1", 500));

        assertDifference("p1", "once PaymentReceived[paymentId=p1", "shop.receipts-0@3");
        assertDifference("money", "800 cents", "1300 cents");
    }

    @Test
    void aReceiptOfAnotherSumIsNamed() {
        run.put(RECEIPTS, 2, 9, receipt("p3", "o2", 101));

        assertDifference("p3", "cents=100", "cents=101");
    }

    @Test
    void aReceiptThatNoPaymentAsksForIsNamed() {
        run.put(RECEIPTS, 3, 9, receipt("p9", "o2", 1));

        assertDifference("p9", "no such receipt", "shop.receipts-0@3");
    }

    @Test
    void aPaymentThatBecameALetterIsNamed() {
        run.putLetter(PAYMENT_LETTERS, 0, PAYMENTS, 2, "handler_exception");

        assertDifference("input 8 (o1) at shop.payments-0@2", "no dead letter", "handler_exception");
    }

    @Test
    void aCountOfDuplicatesThatIsNotThatOfThePaymentsIsNamed() {
        run.countDuplicates(2);

        assertDifference("payment-service", "1 payments that came again", "2 in its metrics");
    }

    @Test
    void aPaidOrderWithoutMailIsNamed() {
        run.removeMail("mail-2");

        assertDifference("order o2, paid", "one e-mail", "none");
    }

    @Test
    void aSecondMailForAnOrderIsNamed() {
        run.mail("mail-3", "p2", "o1");

        assertDifference("order o1, paid", "one e-mail", "mail-1 under key of mail-1, mail-3 under key of mail-3");
    }

    @Test
    void aMailForAnOrderThatIsNotPaidIsNamed() {
        run.mail("mail-3", "p9", "o3");

        assertDifference("order o3, not paid", "no e-mail", "mail-3");
    }

    @Test
    void aKeyThatWasUsedForAnotherMailIsNamed() {
        run.misuse("key of mail-1 for another");

        assertDifference("mail server", "one mail under each key", "a request key of mail-1 for another");
    }

    @Test
    void aReceiptWithoutConfirmationIsNamed() {
        run.remove(CONFIRMATIONS, 1);

        assertDifference("receipt of p2", "once PaymentConfirmed[paymentId=p2, orderId=o1, mailId=mail-1]", "none");
    }

    @Test
    void aConfirmationWithAnotherMailIsNamed() {
        run.put(CONFIRMATIONS, 1, 7, confirmation("p2", "o1", "mail-2"));

        assertDifference("receipt of p2", "mailId=mail-1", "mailId=mail-2");
    }

    @Test
    void aSecondConfirmationIsNamed() {
        run.put(CONFIRMATIONS, 3, 7, confirmation("p2", "o1", "mail-1"));

        assertDifference("receipt of p2", "once", "shop.confirmations-0@3");
    }

    @Test
    void aConfirmationWithoutReceiptIsNamed() {
        run.put(CONFIRMATIONS, 3, 7, confirmation("p8", "o1", "mail-1"));

        assertDifference("confirmation of p8", "there is no receipt", "shop.confirmations-0@3");
    }

    @Test
    void aReceiptThatBecameALetterIsNamed() {
        run.putLetter(CONFIRMATION_LETTERS, 0, RECEIPTS, 1, "handler_exception");

        assertDifference("receipt of p2 at shop.receipts-0@1", "no dead letter", "handler_exception");
    }

    @Test
    void anOrderThatWasRedrivenBalances() {
        redriveTheOrderOfTooMuch();

        Balance balance = run.balance();
        assertThat(balance.differences()).isEmpty();
        assertThat(balance.handled()).isEqualTo(new Handled(2, 1, 1));
        assertThat(balance.letters())
                .extracting(ServiceLetters::service, ServiceLetters::redriven, ServiceLetters::discarded)
                .startsWith(tuple("order", 1L, 1L), tuple("inventory", 0L, 0L));
    }

    @Test
    void aRedrivenOrderThatIsMissingIsNamed() {
        redriveTheOrderOfTooMuch();
        run.remove(RESERVATIONS, 4);
        run.remove(INVENTORY, 4);

        assertDifference("input 3 (o2) at shop.orders-0@2 line 1", "once ReserveStock[orderId=o2", "none");
    }

    @Test
    void aRedrivenOrderThatCameTwiceIsNamed() {
        redriveTheOrderOfTooMuch();
        run.put(RESERVATIONS, 6, 3, "{'type':'ReserveStock','orderId':'o2','line':1,'product':'kite','quantity':9}");

        assertDifference("input 3 (o2) at shop.orders-0@2 line 1", "once ReserveStock[orderId=o2", "reservations-0@6");
    }

    @Test
    void anOrderThatShouldHaveFailedAndHasNoLetterIsNamed() {
        redriveTheOrderOfTooMuch();
        run.remove(ORDER_LETTERS, 1);

        assertDifference("input 3 (o2)", "one dead letter of class handler_exception", "none");
    }

    @Test
    void aLetterThatWasNotRedrivenIsNamed() {
        run.failFor("shop.orders-2");
        run.putLetter(ORDER_LETTERS, 1, ORDERS, 2, "handler_exception");

        assertDifference("input 3 (o2)", "letter group/shop.orders/0/2 redriven", "neither redriven nor discarded");
    }

    @Test
    void aLetterThatWasDiscardedAndNotRedrivenIsNamed() {
        run.failFor("shop.orders-2");
        run.putLetter(ORDER_LETTERS, 1, ORDERS, 2, "handler_exception");
        run.discard(ORDERS, 2, Redrive.UNREADABLE);

        assertDifference("input 3 (o2)", "letter group/shop.orders/0/2 redriven", "it was discarded");
    }

    @Test
    void aLetterThatNobodyCanReadAndNobodyDiscardedIsNamed() {
        run.doNotDiscard(ORDERS, 3);

        assertDifference("input 4 (o3)", "letter group/shop.orders/0/3 discarded", "neither redriven nor discarded");
    }

    @Test
    void aLetterThatWasDiscardedForAnotherReasonIsNamed() {
        run.discard(ORDERS, 3, "away with it");

        assertDifference("input 4 (o3)", "discarded, since nobody can read it", "since away with it");
    }

    @Test
    void aLetterThatIsStillKeptIsNamed() {
        redriveTheOrderOfTooMuch();
        run.leave(ORDERS, 2);

        assertDifference("dead letters", "none", "group/shop.orders/0/2 is OPEN");
    }

    @Test
    void whatFailsBehindALetterOfItsKeyWaitsAndIsNoLetter() {
        run.failFor("shop.orders-1", "shop.orders-4");
        run.putLetter(ORDER_LETTERS, 1, ORDERS, 1, "handler_exception");
        run.redrive(ORDERS, 1);
        assertThat(run.balance().differences()).isEmpty();

        run.putLetter(ORDER_LETTERS, 2, ORDERS, 4, "handler_exception");
        assertDifference("input 5 (o1) at shop.orders-0@4", "no dead letter", "handler_exception");
    }

    @Test
    void whatWaitedBehindALetterAndCameBeforeItIsNamed() {
        run.failFor("shop.orders-1");
        run.putLetter(ORDER_LETTERS, 1, ORDERS, 1, "handler_exception");
        run.redrive(ORDERS, 1);
        run.put(RESERVATIONS, 2, 5, "{'type':'ReleaseStock','orderId':'o1','line':1,'product':'kite'}");
        run.put(RESERVATIONS, 5, 2, RESERVE_KITES);

        assertDifference(
                "record shop.reservations-0@5 of o1 (kite)",
                "before what follows from shop.orders-0@4, since it follows from shop.orders-0@1",
                "behind that");
    }

    @Test
    void aCommandThatWasRedrivenAndThoseThatWaitedBalance() {
        run.failFor("shop.reservations-2", "shop.reservations-5");
        run.putLetter(INVENTORY_LETTERS, 0, RESERVATIONS, 2, "handler_exception");
        run.redrive(RESERVATIONS, 2);
        assertThat(run.balance().differences()).isEmpty();

        run.remove(INVENTORY, 2);
        assertDifference("input 2 line 1, ReserveStock[orderId=o1", "one event that answers it", "none");
    }

    @Test
    void aCommandThatCameWhenTheFaultWasFixedIsNoLetter() {
        run.failFor("shop.reservations-2");
        run.fixAt(2);
        assertThat(run.balance().differences()).isEmpty();

        run.fixAt(3);
        assertDifference("command input 2 line 1 (kite)", "one dead letter of class handler_exception", "none");
    }

    @Test
    void aPaymentThatWasRedrivenBalancesAndItsCopyThatWaitedIsInNoMetric() {
        redriveTheFirstPayment();

        Balance balance = run.balance();
        assertThat(balance.differences()).isEmpty();
        assertThat(balance.payments()).isEqualTo(new Payments(4, 3, 1, 800));

        run.countDuplicates(1);
        assertDifference("payment-service", "0 payments that came again", "1 in its metrics");
    }

    @Test
    void aRedrivenPaymentThatIsMissingOrCameTwiceIsNamed() {
        redriveTheFirstPayment();
        run.put(RECEIPTS, 3, 8, receipt("p1", "o1", 500));
        assertDifference("p1", "once PaymentReceived[paymentId=p1", "shop.receipts-0@3");
        assertDifference("money", "800 cents", "1300 cents");

        run.remove(RECEIPTS, 3);
        run.remove(RECEIPTS, 0);
        assertDifference("p1", "once PaymentReceived[paymentId=p1", "none");
    }

    @Test
    void aPaymentThatWaitedBehindALetterAndCameBeforeItIsNamed() {
        redriveTheFirstPayment();
        run.put(RECEIPTS, 0, 7, receipt("p2", "o1", 200));
        run.put(RECEIPTS, 1, 6, receipt("p1", "o1", 500));

        assertDifference("record shop.receipts-0@1 of o1", "it follows from shop.payments-0@0", "behind that");
    }

    private void redriveTheOrderOfTooMuch() {
        run.failFor("shop.orders-2");
        run.putLetter(ORDER_LETTERS, 1, ORDERS, 2, "handler_exception");
        run.redrive(ORDERS, 2);
    }

    private void redriveTheFirstPayment() {
        run.failFor("p1");
        run.putLetter(PAYMENT_LETTERS, 0, PAYMENTS, 0, "handler_exception");
        run.redrive(PAYMENTS, 0);
        // It waited behind its own letter, as did the other payment of its order.
        run.countDuplicates(0);
    }

    private void assertDifference(String subject, String expected, String found) {
        Stream<Difference> differences = run.balance().differences().stream();
        assertThat(differences).anySatisfy(difference -> {
            assertThat(difference.subject()).contains(subject);
            assertThat(difference.expected()).contains(expected);
            assertThat(difference.found()).contains(found);
        });
    }
}

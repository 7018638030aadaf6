package dev.semel.examples.shop.event;

/**
 * So many units of a product.
 *
 * @param product names the product
 * @param quantity how many units; at least 1
 */
public record OrderLine(String product, int quantity) {

    public OrderLine {
        Rules.name("product", product);
        Rules.quantity(quantity);
    }
}

-- Whether somebody has ordered before is asked by e-mail address, in whatever case it was typed.
CREATE INDEX orders_by_folded_email ON orders (LOWER(email));

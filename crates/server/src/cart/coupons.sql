-- What coupons there are is the owner's file's to say; here is how often each was used, in all ('') and by whom.
CREATE TABLE coupon_uses (
    code TEXT NOT NULL,
    customer TEXT NOT NULL,
    uses BIGINT NOT NULL,
    PRIMARY KEY (code, customer)
);
INSERT INTO coupon_uses (code, customer, uses) SELECT code, '', uses FROM coupons;
DROP TABLE coupons;
